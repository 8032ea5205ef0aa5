import type { ReplicasetsApps } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import {
  conditionFields,
  containerImages,
  containerNames,
  containers,
  desired,
  holding,
  images,
  sayReplicas,
  selector,
  selectorFields,
  selectorText,
  templateFields,
} from './parts.ts';

const own = columns({
  desired,
  current: number('Current'),
  ready: number('Ready'),
  available: number('Available', 'count', 1),
  revision: text('Revision', 1, 80),
  containers,
  images,
  selector,
});
const { at } = own;
const revision = 'deployment.kubernetes.io/revision';

export const replicaSets = kind<ReplicasetsApps>({
  id: 'replicasets.apps',
  kind: 'ReplicaSet',
  version: 'v1',
  section: 'Workloads',
  shortNames: ['rs'],
  columns: own.list,
  select: `metadata { annotations[${revision}] } spec { replicas? selector { ${selectorFields} } template { ${templateFields} } }
    status { replicas readyReplicas availableReplicas observedGeneration conditions { ${conditionFields} } }`,
  row({ metadata, spec, status }, meta, cells) {
    const wanted = spec?.replicas ?? 1;
    const ready = status?.readyReplicas ?? 0;
    const behind = meta.generation > (status?.observedGeneration ?? 0);
    sayReplicas(cells, meta, { desired: wanted, ready, behind }, holding(status?.conditions, 'ReplicaFailure'));
    cells.number(at.desired, wanted);
    cells.number(at.current, status?.replicas ?? 0);
    cells.number(at.ready, ready);
    cells.number(at.available, status?.availableReplicas ?? 0);
    cells.text(at.revision, metadata?.annotations[revision] ?? '');
    cells.text(at.containers, containerNames(spec?.template));
    cells.text(at.images, containerImages(spec?.template));
    cells.text(at.selector, selectorText(spec?.selector ?? null));
  },
});
