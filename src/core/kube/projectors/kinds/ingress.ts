import type { IngressesNetworkingK8sIo } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import { flag } from './parts.ts';

const own = columns({
  class: text('Class', 0, 100),
  hosts: text('Hosts', 0, 240),
  address: text('Address', 0, 140),
  ports: text('Ports', 0, 80),
  tls: number('TLS', 'flag', 1),
  backends: text('Backends', 1, 200, 'Services and resources behind it, `Kind/name` a line'),
  refs: text('Uses', 2, 200, '`Secret/name` a line'),
});
const { at } = own;
const backend = 'service { name } resource { kind name }';

export const ingresses = kind<IngressesNetworkingK8sIo>({
  id: 'ingresses.networking.k8s.io',
  kind: 'Ingress',
  version: 'v1',
  section: 'Network',
  shortNames: ['ing'],
  columns: own.list,
  select: `spec { ingressClassName? tls { secretName } defaultBackend { ${backend} }
      rules { host http { paths { backend { ${backend} } } } } }
    status { loadBalancer { ingress { ip hostname } } }`,
  row({ spec, status }, meta, cells) {
    const points = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => (ip === '' ? hostname : ip));
    if (points.length === 0) say(cells, meta, 'No address', tone.progressing, 'No controller has taken it yet');
    else say(cells, meta, 'Active', tone.healthy);
    cells.text(at.address, [...new Set(points)].sort().join(','));
    if (spec === null) return;
    const hosts = spec.rules.map(({ host }) => host).filter((host) => host !== '');
    cells.text(at.class, spec.ingressClassName ?? '');
    cells.text(at.hosts, hosts.length === 0 ? '*' : hosts.join(','));
    cells.text(at.ports, spec.tls.length === 0 ? '80' : '80, 443');
    cells.number(at.tls, flag(spec.tls.length > 0));
    const backends = [
      spec.defaultBackend,
      ...spec.rules.flatMap(({ http }) => http?.paths.map((path) => path.backend) ?? []),
    ];
    const names = backends.map((found) =>
      found?.service
        ? `Service/${found.service.name}`
        : found?.resource
          ? `${found.resource.kind}/${found.resource.name}`
          : '',
    );
    cells.text(at.backends, [...new Set(names.filter((name) => name !== ''))].join('\n'));
    const secrets = spec.tls.map(({ secretName }) => secretName).filter((name) => name !== '');
    cells.text(at.refs, [...new Set(secrets)].map((name) => `Secret/${name}`).join('\n'));
  },
});
