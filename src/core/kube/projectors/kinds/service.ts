import type { Services } from '../generated/partials.ts';
import { columns, kind, say, text, tone } from '../kind.ts';
import { mapText, selector } from './parts.ts';

const own = columns({
  type: text('Type', 0, 100),
  clusterip: text('Cluster IP', 0, 110),
  externalip: text('External IP', 0, 130),
  ports: text('Ports', 0, 160),
  selector,
  targetports: text('Target ports', 1, 110),
  policy: text('External traffic', 1, 90),
  affinity: text('Session affinity', 1, 90),
  families: text('IP families', 1, 80),
});
const { at } = own;

export const services = kind<Services>({
  id: 'services',
  kind: 'Service',
  version: 'v1',
  section: 'Network',
  shortNames: ['svc'],
  columns: own.list,
  select: `spec { ports { name protocol port targetPort nodePort } selector clusterIP type externalIPs externalName
      sessionAffinity externalTrafficPolicy ipFamilies }
    status { loadBalancer { ingress { ip hostname } } }`,
  row({ spec, status }, meta, cells) {
    const points = status?.loadBalancer?.ingress ?? [];
    const balanced = [
      ...new Set(points.map(({ ip, hostname }) => (ip === '' ? hostname : ip)).filter((point) => point !== '')),
    ].sort();
    const type = spec?.type ?? '';
    const pending = type === 'LoadBalancer' && balanced.length === 0 && (spec?.externalIPs.length ?? 0) === 0;
    if (pending) say(cells, meta, 'Pending', tone.progressing, 'No address of a load balancer yet');
    else say(cells, meta, 'Active', tone.healthy);
    if (spec === null) return;
    cells.text(at.type, type);
    cells.text(at.clusterip, spec.clusterIP);
    const external =
      type === 'ExternalName'
        ? [spec.externalName]
        : type === 'LoadBalancer'
          ? [...balanced, ...spec.externalIPs]
          : spec.externalIPs;
    cells.text(at.externalip, pending ? '<pending>' : external.join(','));
    cells.text(
      at.ports,
      spec.ports
        .map(({ port, nodePort, protocol }) => `${port}${nodePort > 0 ? `:${nodePort}` : ''}/${protocol}`)
        .join(','),
    );
    cells.text(
      at.targetports,
      spec.ports
        .map(({ targetPort, port }) => (targetPort === '0' || targetPort === '' ? String(port) : targetPort))
        .join(','),
    );
    cells.text(at.selector, mapText(spec.selector));
    cells.text(at.policy, spec.externalTrafficPolicy);
    cells.text(at.affinity, spec.sessionAffinity);
    cells.text(at.families, spec.ipFamilies.join(','));
  },
});
