import type { Replicationcontrollers } from '../generated/partials.ts';
import { columns, kind, number } from '../kind.ts';
import {
  conditionFields,
  containerImages,
  containerNames,
  containers,
  desired,
  holding,
  images,
  mapText,
  sayReplicas,
  selector,
  templateFields,
} from './parts.ts';

const own = columns({
  desired,
  current: number('Current'),
  ready: number('Ready'),
  available: number('Available', 'count', 1),
  containers,
  images,
  selector,
});
const { at } = own;

export const replicationControllers = kind<Replicationcontrollers>({
  id: 'replicationcontrollers',
  kind: 'ReplicationController',
  version: 'v1',
  section: 'Workloads',
  shortNames: ['rc'],
  columns: own.list,
  select: `spec { replicas? selector template { ${templateFields} } }
    status { replicas readyReplicas availableReplicas observedGeneration conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const wanted = spec?.replicas ?? 1;
    const ready = status?.readyReplicas ?? 0;
    const behind = meta.generation > (status?.observedGeneration ?? 0);
    sayReplicas(cells, meta, { desired: wanted, ready, behind }, holding(status?.conditions, 'ReplicaFailure'));
    cells.number(at.desired, wanted);
    cells.number(at.current, status?.replicas ?? 0);
    cells.number(at.ready, ready);
    cells.number(at.available, status?.availableReplicas ?? 0);
    cells.text(at.containers, containerNames(spec?.template));
    cells.text(at.images, containerImages(spec?.template));
    cells.text(at.selector, mapText(spec?.selector ?? {}));
  },
});
