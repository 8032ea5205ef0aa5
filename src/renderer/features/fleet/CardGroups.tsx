import { startTransition, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { formatCount } from '../../ui/index.ts';
import { ClusterCard } from './ClusterCard.tsx';
import styles from './fleet.module.css';
import type { ClusterGroup } from './model.ts';
import type { ClusterActions } from './useClusterActions.ts';

/** The least width of a card and the room between two, CSS pixels. */
const cardWidth = 328;
const gap = 12;

/** Cards that are drawn at a time: a screen of them at once, the rest while nothing else is to be done. */
const batch = 24;

export interface CardGroupsProps {
  groups: readonly ClusterGroup[];
  groupTitle(name: string): string;
  actions: ClusterActions;
}

/** Groups of cards on one grid: small groups stand side by side, and every card has the same width. */
export function CardGroups({ groups, groupTitle, actions }: CardGroupsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(1);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => setColumns(Math.max(1, Math.floor((element.clientWidth + gap) / (cardWidth + gap))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const total = groups.reduce((sum, group) => sum + group.clusters.length, 0);
  const [drawn, setDrawn] = useState(batch);
  useEffect(() => {
    if (drawn >= total) return;
    const timer = setTimeout(() => startTransition(() => setDrawn((count) => count + batch)), 16);
    return () => clearTimeout(timer);
  }, [drawn, total]);
  let left = drawn;
  const repeat = (count: number) => `repeat(${count}, minmax(0, 1fr))`;
  return (
    <div ref={box} className={styles.groups} style={{ gridTemplateColumns: repeat(columns) }}>
      {groups.map(({ name, clusters }) => {
        const shown = clusters.slice(0, Math.max(0, left));
        left -= clusters.length;
        if (shown.length === 0) return null;
        const span = Math.min(columns, groups.length === 1 ? columns : clusters.length);
        return (
          <section key={name} className={styles.group} style={{ gridColumn: `span ${span}` }}>
            {(groups.length > 1 || name !== '') && (
              <h2 className={styles.groupTitle}>
                {groupTitle(name)} <span>{formatCount(clusters.length)}</span>
              </h2>
            )}
            <div className={styles.cards} style={{ gridTemplateColumns: repeat(span) }}>
              {shown.map((cluster) => (
                <ClusterCard key={cluster.key} cluster={cluster} actions={actions} />
              ))}
            </div>
          </section>
        );
      })}
    </div>
  );
}
