import type { ReleaseObject } from './contract.ts';
import { isRecord } from './hidden.ts';

type Status = Pick<ReleaseObject, 'tone' | 'status'>;

/** How an object fares, in a few words: what its kind says of itself, else its conditions, else that it is there. */
export function statusOf(kind: string, live: Record<string, unknown>): Status {
  const spec = isRecord(live.spec) ? live.spec : {};
  const status = isRecord(live.status) ? live.status : {};
  const metadata = isRecord(live.metadata) ? live.metadata : {};
  if (metadata.deletionTimestamp !== undefined) return { tone: 'progressing', status: 'Terminating' };
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'ReplicaSet':
      return ready(count(status.readyReplicas), count(spec.replicas ?? 1));
    case 'DaemonSet':
      return ready(count(status.numberReady), count(status.desiredNumberScheduled));
    case 'Pod':
    case 'PersistentVolumeClaim':
    case 'Namespace':
      return phase(String(status.phase ?? 'Unknown'));
    case 'Job':
      return job(status, count(spec.completions ?? 1));
    case 'Service':
      return { tone: 'healthy', status: String(spec.type ?? 'ClusterIP') };
    default:
      return conditions(status);
  }
}

function ready(done: number, wanted: number): Status {
  if (wanted === 0) return { tone: 'stopped', status: 'Scaled to 0' };
  return { tone: done >= wanted ? 'healthy' : 'progressing', status: `${done}/${wanted} ready` };
}

const tones: Record<string, Status['tone']> = {
  Running: 'healthy',
  Succeeded: 'healthy',
  Bound: 'healthy',
  Active: 'healthy',
  Pending: 'progressing',
  Terminating: 'progressing',
  Failed: 'failed',
  Lost: 'failed',
};

function phase(word: string): Status {
  return { tone: tones[word] ?? 'unknown', status: word };
}

function job(status: Record<string, unknown>, completions: number): Status {
  if (hasCondition(status, 'Failed')) return { tone: 'failed', status: 'Failed' };
  const done = count(status.succeeded);
  return { tone: done >= completions ? 'healthy' : 'progressing', status: `${done}/${completions} completed` };
}

function conditions(status: Record<string, unknown>): Status {
  if (hasCondition(status, 'Ready') || hasCondition(status, 'Available')) return { tone: 'healthy', status: 'Ready' };
  if (hasCondition(status, 'Ready', 'False') || hasCondition(status, 'Available', 'False')) {
    return { tone: 'warning', status: 'Not ready' };
  }
  return { tone: 'healthy', status: 'Present' };
}

function hasCondition(status: Record<string, unknown>, type: string, value = 'True'): boolean {
  const { conditions: all } = status;
  return Array.isArray(all) && all.some((each) => isRecord(each) && each.type === type && each.status === value);
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
