import type { EndpointslicesDiscoveryK8sIo } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';

const own = columns({
  addresstype: text('Address type', 0, 90),
  ports: text('Ports', 0, 110),
  endpoints: text('Endpoints', 0, 240, 'The first three'),
  service: text('Service', 0, 160, 'Whose endpoints they are'),
  ready: number('Ready', 'count', 1),
  total: number('Addresses', 'count', 1),
  targets: text('Targets', 2, 200, '`Kind/name` a line'),
});
const { at } = own;
const serviceLabel = 'kubernetes.io/service-name';

export const endpointSlices = kind<EndpointslicesDiscoveryK8sIo>({
  id: 'endpointslices.discovery.k8s.io',
  kind: 'EndpointSlice',
  version: 'v1',
  section: 'Network',
  columns: own.list,
  select: `metadata { labels[${serviceLabel}] } addressType ports { name? port? }
    endpoints { addresses~ conditions { ready? } targetRef { kind name } }`,
  row({ metadata, addressType, ports, endpoints }, meta, cells) {
    const addresses = endpoints.flatMap((endpoint) => endpoint.addresses);
    // Ready counts as true when it is not told (discovery/v1, EndpointConditions).
    const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
    if (ready > 0) say(cells, meta, 'Ready', tone.healthy);
    else
      say(
        cells,
        meta,
        'No endpoints',
        endpoints.length > 0 ? tone.failed : tone.stopped,
        endpoints.length > 0 ? 'None is ready' : '',
      );
    cells.text(at.addresstype, addressType);
    cells.text(at.ports, more(ports.map(({ port, name }) => (port !== null ? String(port) : (name ?? '*')))));
    cells.text(at.endpoints, more(addresses));
    cells.text(at.service, metadata?.labels[serviceLabel] ?? '');
    cells.number(at.ready, ready);
    cells.number(at.total, addresses.length);
    const targets = endpoints.map(({ targetRef }) => (targetRef === null ? '' : `${targetRef.kind}/${targetRef.name}`));
    cells.text(at.targets, [...new Set(targets.filter((target) => target !== ''))].join('\n'));
  },
});

function more(list: readonly string[]): string {
  return list.slice(0, 3).join(',') + (list.length > 3 ? ` + ${list.length - 3} more...` : '');
}
