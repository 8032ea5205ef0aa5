import type { Namespaces } from '../generated/partials.ts';
import { columns, kind, sayExactly, text, tone } from '../kind.ts';

const own = columns({
  finalizers: text('Finalizers', 1, 140),
  podsecurity: text('Pod security', 1, 120, 'Level that admission enforces'),
});

export const namespaces = kind<Namespaces>({
  id: 'namespaces',
  kind: 'Namespace',
  version: 'v1',
  section: 'Cluster',
  shortNames: ['ns'],
  cluster: true,
  columns: own.list,
  select: `metadata { labels[pod-security.kubernetes.io/enforce] } spec { finalizers }
    status { phase conditions { type status message } }`,
  row({ metadata, spec, status }, _meta, cells) {
    const phase = status?.phase ?? '';
    // While it is being emptied, the conditions that are true say what is left or what failed.
    const held = status?.conditions.filter((condition) => condition.status === 'True') ?? [];
    const how = phase === 'Active' ? tone.healthy : phase === 'Terminating' ? tone.stopped : tone.unknown;
    const failing = held.some(({ type }) => type.includes('Failure'));
    sayExactly(cells, phase, failing ? tone.failed : how, held.map(({ message }) => message).join(' '));
    cells.text(own.at.finalizers, spec?.finalizers.join(', ') ?? '');
    cells.text(own.at.podsecurity, metadata?.labels['pod-security.kubernetes.io/enforce'] ?? '');
  },
});
