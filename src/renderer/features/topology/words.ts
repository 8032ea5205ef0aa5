import type { TopologyGroup, TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { formatCount, t } from '../../ui/index.ts';

/** A node's first line. */
export function nodeTitle(node: TopologyNode): string {
  if (node.form === 'more') return t('topology.more', { count: formatCount(node.count), kind: node.kindName });
  if (node.form === 'groups') return t('topology.moreGroups', { count: formatCount(Number(node.status)) });
  if (node.form === 'group') return node.name === '' ? t('topology.noNamespace') : node.name;
  if (node.form === 'pods') return t('topology.pods', { count: node.count, number: formatCount(node.count) });
  return node.name;
}

/** Its second line. */
export function nodeDetail(node: TopologyNode): string {
  if (node.form === 'group' || node.form === 'groups')
    return t('topology.objects', { count: node.count, number: formatCount(node.count) });
  if (node.form === 'more') return t('topology.together');
  if (node.form === 'pods') return t('topology.ready', { ready: node.status });
  return node.status === '' ? node.kindName : `${node.kindName} · ${node.status}`;
}

export function groupTitle(group: TopologyGroup, manyClusters: boolean): string {
  const own = group.app !== '' ? group.app : group.namespace === '' ? t('topology.noNamespace') : group.namespace;
  const parts = [own];
  if (group.app !== '') parts.push(group.namespace);
  if (manyClusters) parts.push(group.clusterName);
  return parts.join(' · ');
}

/** All that a node says, for a tip and for who can not see it. */
export function nodeWords(node: TopologyNode): string {
  const tone = t(`ui.tone.${node.tone}`);
  const name = node.form === 'pods' ? `${nodeTitle(node)}, ${node.name}` : nodeTitle(node);
  return [name, nodeDetail(node), tone].filter(Boolean).join(', ');
}
