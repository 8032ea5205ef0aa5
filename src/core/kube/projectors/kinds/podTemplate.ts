import type { Podtemplates } from '../generated/partials.ts';
import { columns, kind, text } from '../kind.ts';
import { containerImages, containerNames, mapText, present, templateFields } from './parts.ts';

const own = columns({
  containers: text('Containers', 0, 160),
  images: text('Images', 0, 260),
  podlabels: text('Pod labels', 0, 200),
});

export const podTemplates = kind<Podtemplates>({
  id: 'podtemplates',
  kind: 'PodTemplate',
  version: 'v1',
  section: 'Workloads',
  columns: own.list,
  select: `template { metadata { labels } ${templateFields} }`,
  row({ template }, meta, cells) {
    present(cells, meta);
    cells.text(own.at.containers, containerNames(template));
    cells.text(own.at.images, containerImages(template));
    cells.text(own.at.podlabels, mapText(template?.metadata?.labels ?? {}));
  },
});
