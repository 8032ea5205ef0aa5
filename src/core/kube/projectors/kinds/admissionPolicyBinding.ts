import type { BatchBuilder } from '../../columns/batchBuilder.ts';
import type {
  MutatingadmissionpolicybindingsAdmissionregistrationK8sIo,
  ValidatingadmissionpolicybindingsAdmissionregistrationK8sIo,
} from '../generated/partials.ts';
import { columns, kind, text } from '../kind.ts';
import { present, type Selector, selectorFields, selectorText } from './parts.ts';

const own = columns({
  policy: text('Policy', 0, 220),
  param: text('Parameters', 0, 200),
  actions: text('Actions', 0, 120),
});
const { at } = own;

interface Param {
  name: string;
  namespace: string;
  selector: Selector | null;
}

const param = `paramRef { name namespace selector { ${selectorFields} } }`;

function write(cells: BatchBuilder, policyName: string, ref: Param | null): void {
  cells.text(at.policy, policyName);
  if (ref === null) return;
  const name =
    ref.name === '' ? selectorText(ref.selector) : `${ref.namespace === '' ? '*' : ref.namespace}/${ref.name}`;
  cells.text(at.param, name);
}

export const validatingAdmissionPolicyBindings = kind<ValidatingadmissionpolicybindingsAdmissionregistrationK8sIo>({
  id: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  kind: 'ValidatingAdmissionPolicyBinding',
  version: 'v1',
  section: 'Policy',
  cluster: true,
  columns: own.list,
  select: `spec { policyName ${param} validationActions }`,
  row({ spec }, meta, cells) {
    present(cells, meta);
    write(cells, spec?.policyName ?? '', spec?.paramRef ?? null);
    cells.text(at.actions, spec?.validationActions.join(',') ?? '');
  },
});

export const mutatingAdmissionPolicyBindings = kind<MutatingadmissionpolicybindingsAdmissionregistrationK8sIo>({
  id: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  kind: 'MutatingAdmissionPolicyBinding',
  version: 'v1',
  section: 'Policy',
  cluster: true,
  columns: own.list.filter(({ id }) => id !== 'actions'),
  select: `spec { policyName ${param} }`,
  row({ spec }, meta, cells) {
    present(cells, meta);
    write(cells, spec?.policyName ?? '', spec?.paramRef ?? null);
  },
});
