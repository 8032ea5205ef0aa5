import { ChevronRight } from 'lucide-react';
import { useMemo } from 'react';
import type { TopologyHead, TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { formatCount, StatusMark, t } from '../../ui/index.ts';
import { graphOf } from './paths.ts';
import css from './topology.module.css';
import { groupTitle, nodeDetail, nodeTitle } from './words.ts';

/** The same graph as nested lists: for who can not see the picture, or would rather read. */
export function GraphList(props: {
  head: TopologyHead;
  rows: readonly TopologyNode[];
  onOpen(node: TopologyNode): void;
}) {
  const { head, rows, onOpen } = props;
  const graph = useMemo(() => graphOf(rows), [rows]);
  const byGroup = useMemo(() => {
    const groups = new Map<string, TopologyNode[]>();
    for (const row of rows) {
      const known = groups.get(row.group);
      if (known === undefined) groups.set(row.group, [row]);
      else known.push(row);
    }
    return groups;
  }, [rows]);
  const titles = new Map(head.groups.map((group) => [group.key, groupTitle(group, true)]));
  return (
    <div className={css.list}>
      {[...byGroup].map(([key, members]) => {
        // Roots: what nothing in the same box leads to.
        const inside = new Set(members.map((node) => node.key));
        const roots = members.filter((node) => !(graph.from.get(node.key) ?? []).some((from) => inside.has(from)));
        const title = titles.get(key) ?? t('topology.others');
        return (
          <section key={key} aria-label={title}>
            <h2 className={css.listHead}>{title}</h2>
            <ul className={css.tree}>
              {(roots.length > 0 ? roots : members).map((node) => (
                <Branch key={node.key} node={node} above={[]} graph={graph} onOpen={onOpen} />
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Branch(props: {
  node: TopologyNode;
  above: readonly string[];
  graph: ReturnType<typeof graphOf>;
  onOpen(node: TopologyNode): void;
}) {
  const { node, above, graph, onOpen } = props;
  const way = [...above, node.key];
  const below = node.edges.flatMap(({ to, kind }) => {
    const target = graph.byKey.get(to);
    return target === undefined || way.includes(to) || kind === 'runsOn' ? [] : [target];
  });
  return (
    <li>
      <button type="button" className={css.treeRow} onClick={() => onOpen(node)}>
        {above.length > 0 && <ChevronRight size={12} aria-hidden className={css.dim} />}
        <code>{node.form === 'pods' ? node.name : nodeTitle(node)}</code>
        <span className={css.dim}>{node.form === 'pods' ? nodeTitle(node) : nodeDetail(node)}</span>
        <StatusMark tone={node.tone} />
        {node.count > 1 && <span className={css.dim}>{formatCount(node.count)}</span>}
      </button>
      {below.length > 0 && (
        <ul>
          {below.map((each) => (
            <Branch key={each.key} node={each} above={way} graph={graph} onOpen={onOpen} />
          ))}
        </ul>
      )}
    </li>
  );
}
