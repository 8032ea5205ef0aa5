import type { Relation } from '../../../../core/cluster/resources/contract.ts';
import { t } from '../../../ui/text.ts';

export interface RelationNode {
  relation: Relation;
  children: RelationNode[];
}

const order: readonly Relation['relation'][] = [
  'owner',
  'self',
  'owned',
  'selects',
  'selectedBy',
  'uses',
  'usedBy',
  'runsOn',
];

/**
 * The tree of relations. A row whose parent is not there stands at the root; rows that name each other as parents stand
 * there once, so that nothing is lost and nothing repeats.
 */
export function relationTree(rows: readonly Relation[]): RelationNode[] {
  const nodes = new Map(rows.map((row): [string, RelationNode] => [row.key, { relation: row, children: [] }]));
  const roots: RelationNode[] = [];
  for (const node of nodes.values()) {
    const parent = node.relation.parent === null ? undefined : nodes.get(node.relation.parent);
    if (parent === undefined || isBelow(node.relation.key, parent.relation, nodes)) roots.push(node);
    else parent.children.push(node);
  }
  const sort = (list: RelationNode[]) => {
    list.sort(
      (a, b) =>
        order.indexOf(a.relation.relation) - order.indexOf(b.relation.relation) ||
        a.relation.object.kind.localeCompare(b.relation.object.kind) ||
        a.relation.object.name.localeCompare(b.relation.object.name),
    );
    for (const node of list) sort(node.children);
  };
  sort(roots);
  return roots;
}

/** Whether `key` is `from` or one of its ancestors. */
function isBelow(key: string, from: Relation, nodes: ReadonlyMap<string, RelationNode>): boolean {
  const seen = new Set<string>();
  for (let row: Relation | undefined = from; row !== undefined && !seen.has(row.key); ) {
    if (row.key === key) return true;
    seen.add(row.key);
    row = row.parent === null ? undefined : nodes.get(row.parent)?.relation;
  }
  return false;
}

/** The chain of owners down to the object, outermost first; the object itself is not in it. */
export function ownerChain(rows: readonly Relation[]): Relation[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const self = rows.find((row) => row.relation === 'self');
  const chain: Relation[] = [];
  for (let row = self; row?.parent != null; ) {
    const parent = byKey.get(row.parent);
    if (parent === undefined || parent.relation !== 'owner' || chain.includes(parent)) break;
    chain.unshift(parent);
    row = parent;
  }
  return chain;
}

/** How the relation reads beside the other object's name. */
export function relationWord(relation: Relation['relation']): string {
  return relation === 'self' ? '' : t(`resources.relation.${relation}`);
}
