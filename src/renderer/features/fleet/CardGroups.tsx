import { useLayoutEffect, useRef, useState } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { formatCount } from '../../ui/index.ts';
import { ClusterCard } from './ClusterCard.tsx';
import styles from './fleet.module.css';
import type { ClusterGroup } from './model.ts';
import { Seen } from './Seen.tsx';
import type { ClusterActions } from './useClusterActions.ts';

/** The least width of a card and the room between two, CSS pixels. */
const cardWidth = 304;
const gap = 12;

/** Cards that are drawn with the first frame: more than a window shows. */
const atFirst = 18;
/** What a card is high while it has never been drawn, CSS pixels. */
const cardHeight = 168;

export interface CardGroupsProps {
  groups: readonly ClusterGroup[];
  groupTitle(name: string): string;
  actions: ClusterActions;
}

/** Groups of cards on one grid: small groups stand side by side, and every card has the same width. */
export function CardGroups({ groups, groupTitle, actions }: CardGroupsProps) {
  const demo = !groups.every((group) => group.clusters.every((cluster) => cluster.demo));
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
  let place = 0;
  const repeat = (count: number) => `repeat(${count}, minmax(0, 1fr))`;
  return (
    <div ref={box} className={styles.groups} style={{ gridTemplateColumns: repeat(columns) }}>
      {groups.map(({ name, clusters }) => {
        const span = Math.min(columns, groups.length === 1 ? columns : clusters.length);
        return (
          <section key={name} className={styles.group} style={{ gridColumn: `span ${span}` }}>
            {(groups.length > 1 || name !== '') && (
              <h2 className={styles.groupTitle}>
                {groupTitle(name)} <span>{formatCount(clusters.length)}</span>
              </h2>
            )}
            <div className={styles.cards} style={{ gridTemplateColumns: repeat(span) }}>
              {clusters.map((cluster) => (
                <Seen
                  key={cluster.key}
                  initially={place++ < atFirst}
                  height={cardHeight}
                  placeholder={<Unseen cluster={cluster} />}
                >
                  <ClusterCard cluster={cluster} demo={demo} actions={actions} />
                </Seen>
              ))}
            </div>
          </section>
        );
      })}
    </div>
  );
}

/** A card out of sight: a name, so that the keys and the browser's search find it. */
function Unseen({ cluster }: { cluster: Cluster }) {
  return (
    <article className={styles.card} data-cluster={cluster.key}>
      <h3 className={styles.cardName}>
        <a href={href(pathOf('/clusters/:cluster', { cluster: cluster.key }))}>{cluster.name}</a>
      </h3>
    </article>
  );
}
