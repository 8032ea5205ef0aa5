import type { Cluster, ClusterState, ToneCounts } from './contract.ts';

/** What a cluster's health is judged by. */
export interface HealthFacts {
  state: ClusterState;
  reason: string | undefined;
  nodes: Cluster['nodes'];
  pods: ToneCounts | null;
  /** Of a cluster that is not open: when what is known of it was current, milliseconds; null when nothing is known. */
  asOf: number | null;
}

/**
 * One tone and one sentence for a whole cluster. A cluster that is not seen now is `unknown`, whatever was known of it.
 * Nodes weigh more than pods: a third of the nodes down, or a quarter of the pods failing, is a failed cluster.
 */
export function judgeHealth(facts: HealthFacts): { tone: Cluster['tone']; health: string } {
  const { state, reason, nodes, pods } = facts;
  if (state === 'idle') {
    return { tone: 'stopped', health: facts.asOf === null ? 'Not opened' : `Not opened; as of ${moment(facts.asOf)}` };
  }
  if (state === 'needsConsent') return { tone: 'unknown', health: reason ?? 'Waits for your consent' };
  if (state === 'connecting') return { tone: 'progressing', health: reason ?? 'Connecting' };
  if (state !== 'live') return { tone: 'unknown', health: reason ?? 'Not reachable' };

  const problems: string[] = [];
  let tone: Cluster['tone'] = 'healthy';
  const down = nodes === null ? 0 : nodes.total - nodes.ready;
  if (nodes !== null && down > 0) {
    tone = down * 3 >= nodes.total ? 'failed' : 'warning';
  }
  if (pods !== null) {
    const running = pods.healthy + pods.progressing + pods.warning + pods.failed + pods.unknown;
    if (pods.failed > 0) {
      problems.push(`${count(pods.failed, 'pod')} failing`);
      if (pods.failed * 4 >= running) tone = 'failed';
      else if (tone === 'healthy') tone = 'warning';
    }
    if (pods.warning > 0) {
      problems.push(`${count(pods.warning, 'pod')} with warnings`);
      if (tone === 'healthy') tone = 'warning';
    }
    if (pods.unknown > 0) {
      problems.push(`${count(pods.unknown, 'pod')} in an unknown state`);
      if (tone === 'healthy') tone = 'warning';
    }
  }
  if (down > 0) problems.push(`${count(down, 'node')} not ready`);
  if (problems.length > 0) return { tone, health: problems.join(', ') };
  if (nodes === null && pods === null) return { tone: 'unknown', health: 'Neither nodes nor pods may be seen' };
  if (nodes !== null && nodes.total === 0) return { tone: 'warning', health: 'It has no nodes' };
  if (pods !== null && pods.progressing > 0) {
    return { tone: 'healthy', health: `${count(pods.progressing, 'pod')} starting` };
  }
  return { tone, health: 'Healthy' };
}

/** `2026-11-23 14:03 UTC` */
export function moment(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
