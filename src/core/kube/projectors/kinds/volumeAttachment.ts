import type { VolumeattachmentsStorageK8sIo } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import { flag } from './parts.ts';

const own = columns({
  attacher: text('Attacher', 0, 180),
  volume: text('Volume', 0, 220),
  node: text('Node', 0, 160),
  attached: number('Attached', 'flag'),
});
const { at } = own;

export const volumeAttachments = kind<VolumeattachmentsStorageK8sIo>({
  id: 'volumeattachments.storage.k8s.io',
  kind: 'VolumeAttachment',
  version: 'v1',
  section: 'Storage',
  cluster: true,
  columns: own.list,
  select: `spec { attacher source { persistentVolumeName? } nodeName }
    status { attached attachError { message } detachError { message } }`,
  row({ spec, status }, meta, cells) {
    const error = status?.detachError ?? status?.attachError ?? null;
    if (error !== null)
      say(cells, meta, status?.detachError ? 'DetachError' : 'AttachError', tone.failed, error.message);
    else if (status?.attached) say(cells, meta, 'Attached', tone.healthy);
    else say(cells, meta, 'Attaching', tone.progressing);
    cells.text(at.attacher, spec?.attacher ?? '');
    cells.text(at.volume, spec?.source?.persistentVolumeName ?? '');
    cells.text(at.node, spec?.nodeName ?? '');
    cells.number(at.attached, flag(status?.attached ?? false));
  },
});
