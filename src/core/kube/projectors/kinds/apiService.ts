import type { ApiservicesApiregistrationK8sIo } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import { because, conditionFields, conditionOf } from './parts.ts';

const own = columns({
  service: text('Service', 0, 240, '`namespace/name` of the aggregated server, or Local'),
  available: text('Available', 0, 90),
  group: text('Group', 1, 200),
  version: text('Version', 1, 90),
  insecure: number('Insecure', 'flag', 1, 'The server certificate is not verified'),
});
const { at } = own;

export const apiServices = kind<ApiservicesApiregistrationK8sIo>({
  id: 'apiservices.apiregistration.k8s.io',
  kind: 'APIService',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: `spec { service { namespace name } group version insecureSkipTLSVerify } status { conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const available = conditionOf(status?.conditions, 'Available');
    if (available?.status === 'True') say(cells, meta, 'Available', tone.healthy);
    else if (available?.status === 'False')
      say(cells, meta, available.reason || 'Unavailable', tone.failed, because(available));
    else say(cells, meta, 'Unknown', tone.unknown);
    cells.text(at.service, spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local');
    cells.text(at.available, available?.status ?? '');
    cells.text(at.group, spec?.group ?? '');
    cells.text(at.version, spec?.version ?? '');
    cells.number(at.insecure, spec?.insecureSkipTLSVerify ? 1 : 0);
  },
});
