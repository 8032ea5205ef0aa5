import type { IpaddressesNetworkingK8sIo } from '../generated/partials.ts';
import { columns, kind, text } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({ parent: text('Parent', 0, 240, 'Whose address it is: `resource/namespace/name`') });

export const ipAddresses = kind<IpaddressesNetworkingK8sIo>({
  id: 'ipaddresses.networking.k8s.io',
  kind: 'IPAddress',
  version: 'v1',
  section: 'Network',
  shortNames: ['ip'],
  cluster: true,
  columns: own.list,
  select: 'spec { parentRef { group resource namespace name } }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    const parent = spec?.parentRef ?? null;
    if (parent === null) return;
    const resource = parent.group === '' ? parent.resource : `${parent.resource}.${parent.group}`;
    cells.text(
      own.at.parent,
      [resource.toLowerCase(), parent.namespace, parent.name].filter((part) => part !== '').join('/'),
    );
  },
});
