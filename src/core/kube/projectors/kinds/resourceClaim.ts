import type { ResourceclaimsResourceK8sIo } from '../generated/partials.ts';
import { columns, kind, number, sayExactly, text, tone } from '../kind.ts';

const own = columns({
  devices: text('Devices', 0, 240, '`driver/pool/device` a line'),
  requests: number('Requests'),
  classes: text('Device classes', 0, 180),
  reserved: text('Reserved for', 0, 200, '`resource/name` a line'),
});
const { at } = own;

export const resourceClaims = kind<ResourceclaimsResourceK8sIo>({
  id: 'resourceclaims.resource.k8s.io',
  kind: 'ResourceClaim',
  version: 'v1',
  section: 'Workloads',
  columns: own.list,
  select: `spec { devices { requests { name exactly { deviceClassName } firstAvailable { deviceClassName } } } }
    status { allocation { devices { results { driver pool device } } } reservedFor { resource name } }`,
  row({ spec, status }, meta, cells) {
    const allocation = status?.allocation ?? null;
    const reserved = status?.reservedFor ?? [];
    // As kubectl's resourceClaimState.
    const words: string[] = [];
    if (meta.deleting !== 0) words.push('deleted');
    if (allocation !== null) words.push(reserved.length > 0 ? 'allocated,reserved' : 'allocated');
    else if (meta.deleting === 0) words.push('pending');
    const how = meta.deleting !== 0 ? tone.stopped : allocation === null ? tone.progressing : tone.healthy;
    sayExactly(cells, words.join(','), how);
    const requests = spec?.devices?.requests ?? [];
    const classes = requests.flatMap(({ exactly, firstAvailable }) =>
      exactly === null ? firstAvailable.map(({ deviceClassName }) => deviceClassName) : [exactly.deviceClassName],
    );
    cells.text(
      at.devices,
      allocation?.devices?.results.map(({ driver, pool, device }) => `${driver}/${pool}/${device}`).join('\n') ?? '',
    );
    cells.number(at.requests, requests.length);
    cells.text(at.classes, [...new Set(classes)].join(','));
    cells.text(at.reserved, reserved.map(({ resource, name }) => `${resource}/${name}`).join('\n'));
  },
});
