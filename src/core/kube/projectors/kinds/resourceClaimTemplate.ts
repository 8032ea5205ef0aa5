import type { ResourceclaimtemplatesResourceK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({ requests: number('Requests'), classes: text('Device classes', 0, 200) });

export const resourceClaimTemplates = kind<ResourceclaimtemplatesResourceK8sIo>({
  id: 'resourceclaimtemplates.resource.k8s.io',
  kind: 'ResourceClaimTemplate',
  version: 'v1',
  section: 'Workloads',
  columns: own.list,
  select: `spec { spec { devices { requests { name exactly { deviceClassName } firstAvailable { deviceClassName } } } } }`,
  row({ spec }, meta, cells) {
    present(cells, meta);
    const requests = spec?.spec?.devices?.requests ?? [];
    const classes = requests.flatMap(({ exactly, firstAvailable }) =>
      exactly === null ? firstAvailable.map(({ deviceClassName }) => deviceClassName) : [exactly.deviceClassName],
    );
    cells.number(own.at.requests, requests.length);
    cells.text(own.at.classes, [...new Set(classes)].join(','));
  },
});
