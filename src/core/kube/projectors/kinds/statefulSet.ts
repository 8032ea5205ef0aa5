import type { StatefulsetsApps } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import {
  containerImages,
  containerNames,
  containers,
  images,
  sayReplicas,
  selector,
  selectorFields,
  selectorText,
  templateFields,
} from './parts.ts';

const own = columns({
  ready: text('Ready', 0, 70, 'Replicas that are ready, of those wanted'),
  updated: number('Up-to-date', 'count', 0, 'Replicas of the newest template'),
  available: number('Available'),
  desired: number('Desired', 'count', 1),
  service: text('Service', 1, 140, 'Governing service'),
  strategy: text('Strategy', 1, 110),
  claims: text('Volume claims', 1, 160, 'Names of the claim templates'),
  containers,
  images,
  selector,
  readyreplicas: number('Ready replicas', 'count', 2),
});
const { at } = own;

export const statefulSets = kind<StatefulsetsApps>({
  id: 'statefulsets.apps',
  kind: 'StatefulSet',
  version: 'v1',
  section: 'Workloads',
  shortNames: ['sts'],
  columns: own.list,
  select: `spec { replicas? serviceName selector { ${selectorFields} } updateStrategy { type rollingUpdate { partition? } }
      volumeClaimTemplates { metadata { name } } template { ${templateFields} } }
    status { observedGeneration replicas readyReplicas updatedReplicas availableReplicas currentRevision updateRevision }`,
  row({ spec, status }, meta, cells) {
    const wanted = spec?.replicas ?? 1;
    const ready = status?.readyReplicas ?? 0;
    const updated = status?.updatedReplicas ?? 0;
    const behind = meta.generation > (status?.observedGeneration ?? 0);
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const rolling =
      spec?.updateStrategy?.type === 'RollingUpdate' &&
      status?.currentRevision !== status?.updateRevision &&
      updated < Math.max(0, wanted - partition);
    if (!behind && rolling)
      say(cells, meta, 'Progressing', tone.progressing, `${updated} of ${wanted - partition} updated`);
    else sayReplicas(cells, meta, { desired: wanted, ready, behind }, undefined);
    cells.text(at.ready, `${ready}/${wanted}`);
    cells.number(at.readyreplicas, ready);
    cells.number(at.updated, updated);
    cells.number(at.available, status?.availableReplicas ?? 0);
    cells.number(at.desired, wanted);
    cells.text(at.service, spec?.serviceName ?? '');
    cells.text(at.strategy, spec?.updateStrategy?.type ?? '');
    cells.text(at.claims, spec?.volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '').join(',') ?? '');
    cells.text(at.containers, containerNames(spec?.template));
    cells.text(at.images, containerImages(spec?.template));
    cells.text(at.selector, selectorText(spec?.selector ?? null));
  },
});
