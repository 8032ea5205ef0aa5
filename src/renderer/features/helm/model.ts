import type { Release } from '../../../core/cluster/helm/contract.ts';
import { pathOf } from '../../app/router.ts';
import type { Tone } from '../../ui/index.ts';

const tones: Record<string, Tone> = {
  deployed: 'healthy',
  failed: 'failed',
  superseded: 'stopped',
  uninstalled: 'stopped',
  uninstalling: 'progressing',
};

/** `pending-install`, `pending-upgrade` and `pending-rollback` are on their way. */
export function toneOf(status: string): Tone {
  return tones[status] ?? (status.startsWith('pending') ? 'progressing' : 'unknown');
}

export function releasePath({ cluster, namespace, name }: Pick<Release, 'cluster' | 'namespace' | 'name'>): string {
  return pathOf('/helm/:cluster/:namespace/:name', { cluster, namespace, name });
}

/** Releases with all words in what is shown of them; those that ask for somebody come first, then by name. */
export function findReleases(releases: readonly Release[], text: string): Release[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = releases.filter((release) => {
    const shown = [
      release.name,
      release.namespace,
      release.clusterName,
      release.status,
      release.chart,
      release.chartVersion,
      release.appVersion,
    ]
      .join(' ')
      .toLowerCase();
    return words.every((word) => shown.includes(word));
  });
  const urgency = ({ status }: Release) => (status === 'deployed' ? 1 : 0);
  return found.sort(
    (a, b) => urgency(a) - urgency(b) || a.name.localeCompare(b.name) || a.clusterName.localeCompare(b.clusterName),
  );
}

/** A message and its advice as two sentences. */
export function inSentences(message: string, hint = ''): string {
  const first = message === '' || /[.!?]$/.test(message) ? message : `${message}.`;
  return `${first} ${hint}`.trim();
}
