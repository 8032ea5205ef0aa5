import type { IngressclassesNetworkingK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({
  controller: text('Controller', 0, 200),
  parameters: text('Parameters', 0, 180),
  default: number('Default', 'flag'),
});
const isDefault = 'ingressclass.kubernetes.io/is-default-class';

export const ingressClasses = kind<IngressclassesNetworkingK8sIo>({
  id: 'ingressclasses.networking.k8s.io',
  kind: 'IngressClass',
  version: 'v1',
  section: 'Network',
  cluster: true,
  columns: own.list,
  select: `metadata { annotations[${isDefault}] } spec { controller parameters { apiGroup? kind name } }`,
  row({ metadata, spec }, meta, cells) {
    present(cells, meta);
    cells.text(own.at.controller, spec?.controller ?? '');
    cells.number(own.at.default, flag(metadata?.annotations[isDefault] === 'true'));
    const parameters = spec?.parameters ?? null;
    if (parameters === null) return;
    const group = parameters.apiGroup === null ? '' : `.${parameters.apiGroup}`;
    cells.text(own.at.parameters, `${parameters.kind}${group}/${parameters.name}`);
  },
});
