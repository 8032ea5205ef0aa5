import type { NetworkpoliciesNetworkingK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { present, selectorFields, selectorText } from './parts.ts';

const own = columns({
  selector: text('Pod selector', 0, 220, '`*` is every pod of the namespace'),
  types: text('Types', 0, 110),
  ingress: number('Ingress rules'),
  egress: number('Egress rules'),
});
const { at } = own;

export const networkPolicies = kind<NetworkpoliciesNetworkingK8sIo>({
  id: 'networkpolicies.networking.k8s.io',
  kind: 'NetworkPolicy',
  version: 'v1',
  section: 'Network',
  shortNames: ['netpol'],
  columns: own.list,
  select: `spec { podSelector { ${selectorFields} } policyTypes ingress# egress# }`,
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.text(at.selector, selectorText(spec?.podSelector ?? { matchLabels: {}, matchExpressions: [] }));
    cells.text(at.types, spec?.policyTypes.join(',') ?? '');
    cells.number(at.ingress, spec?.ingress ?? 0);
    cells.number(at.egress, spec?.egress ?? 0);
  },
});
