import type { Persistentvolumeclaims } from '../generated/partials.ts';
import { columns, kind, number, say, type ToneIndex, text, tone } from '../kind.ts';
import { quantity } from '../quantity.ts';
import { accessModes, conditionFields } from './parts.ts';

const own = columns({
  volume: text('Volume', 0, 200),
  capacity: number('Capacity', 'bytes', 0, 'Of the volume'),
  request: number('Requested', 'bytes', 1),
  modes: text('Access modes', 0, 90),
  class: text('Storage class', 0, 130),
  attributesclass: text('Attributes class', 1, 130),
  mode: text('Volume mode', 1, 90),
});
const { at } = own;
const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const words: Readonly<Record<string, ToneIndex>> = {
  Bound: tone.healthy,
  Pending: tone.progressing,
  Lost: tone.failed,
};

export const persistentVolumeClaims = kind<Persistentvolumeclaims>({
  id: 'persistentvolumeclaims',
  kind: 'PersistentVolumeClaim',
  version: 'v1',
  section: 'Storage',
  shortNames: ['pvc'],
  columns: own.list,
  select: `metadata { annotations[${classAnnotation}] }
    spec { resources { requests[storage] } volumeName storageClassName? volumeMode? volumeAttributesClassName? }
    status { phase accessModes capacity[storage] conditions { ${conditionFields} } }`,
  row({ metadata, spec, status }, meta, cells) {
    const phase = status?.phase ?? '';
    const why = status?.conditions.filter((condition) => condition.status === 'True') ?? [];
    say(
      cells,
      meta,
      phase,
      words[phase] ?? tone.unknown,
      why.map(({ type, message }) => (message === '' ? type : message)).join(' '),
    );
    if (spec === null) return;
    cells.text(at.volume, spec.volumeName);
    cells.number(at.request, quantity(spec.resources?.requests.storage ?? ''));
    if (spec.volumeName !== '' && status !== null) {
      cells.number(at.capacity, quantity(status.capacity.storage ?? ''));
      cells.text(at.modes, accessModes(status.accessModes));
    }
    cells.text(at.class, metadata?.annotations[classAnnotation] ?? spec.storageClassName ?? '');
    cells.text(at.attributesclass, spec.volumeAttributesClassName ?? '');
    cells.text(at.mode, spec.volumeMode ?? '');
  },
});
