import type { Persistentvolumes } from '../generated/partials.ts';
import { columns, kind, number, say, type ToneIndex, text, tone } from '../kind.ts';
import { quantity } from '../quantity.ts';
import { accessModes } from './parts.ts';

const own = columns({
  capacity: number('Capacity', 'bytes'),
  modes: text('Access modes', 0, 90),
  reclaim: text('Reclaim policy', 0, 90),
  claim: text('Claim', 0, 200, '`namespace/name`'),
  class: text('Storage class', 0, 130),
  attributesclass: text('Attributes class', 1, 130),
  mode: text('Volume mode', 1, 90),
  driver: text('Driver', 1, 160, 'CSI driver'),
});
const { at } = own;
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const words: Readonly<Record<string, ToneIndex>> = {
  Bound: tone.healthy,
  Available: tone.healthy,
  Pending: tone.progressing,
  Released: tone.stopped,
  Failed: tone.failed,
};

export const persistentVolumes = kind<Persistentvolumes>({
  id: 'persistentvolumes',
  kind: 'PersistentVolume',
  version: 'v1',
  section: 'Storage',
  shortNames: ['pv'],
  cluster: true,
  columns: own.list,
  select: `metadata { annotations[${classAnnotation}] }
    spec { capacity[storage] csi { driver } accessModes claimRef { namespace name } persistentVolumeReclaimPolicy storageClassName
      volumeMode? volumeAttributesClassName? }
    status { phase message reason }`,
  row({ metadata, spec, status }, meta, cells) {
    const phase = status?.phase ?? '';
    say(cells, meta, phase, words[phase] ?? tone.unknown, status?.message || status?.reason);
    if (spec === null) return;
    cells.number(at.capacity, quantity(spec.capacity.storage ?? ''));
    cells.text(at.modes, accessModes(spec.accessModes));
    cells.text(at.reclaim, spec.persistentVolumeReclaimPolicy);
    if (spec.claimRef !== null) cells.text(at.claim, `${spec.claimRef.namespace}/${spec.claimRef.name}`);
    cells.text(at.class, metadata?.annotations[classAnnotation] ?? spec.storageClassName);
    cells.text(at.attributesclass, spec.volumeAttributesClassName ?? '');
    cells.text(at.mode, spec.volumeMode ?? '');
    cells.text(at.driver, spec.csi?.driver ?? '');
  },
});
