import type {
  MutatingadmissionpoliciesAdmissionregistrationK8sIo,
  ValidatingadmissionpoliciesAdmissionregistrationK8sIo,
} from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import { present } from './parts.ts';

const validating = columns({
  validations: number('Validations'),
  paramkind: text('Parameter kind', 0, 180),
  failure: text('On failure', 0, 90),
  warnings: number('Warnings', 'count', 1, 'Expressions that do not fit the types'),
});

const mutating = columns({
  mutations: number('Mutations'),
  paramkind: text('Parameter kind', 0, 180),
  failure: text('On failure', 0, 90),
  reinvocation: text('Reinvocation', 1, 110),
});

function paramText(param: { apiVersion: string; kind: string } | null | undefined): string {
  return param === null || param === undefined
    ? ''
    : param.apiVersion === ''
      ? param.kind
      : `${param.apiVersion}/${param.kind}`;
}

export const validatingAdmissionPolicies = kind<ValidatingadmissionpoliciesAdmissionregistrationK8sIo>({
  id: 'validatingadmissionpolicies.admissionregistration.k8s.io',
  kind: 'ValidatingAdmissionPolicy',
  version: 'v1',
  section: 'Policy',
  cluster: true,
  columns: validating.list,
  select: `spec { paramKind { apiVersion kind } validations# failurePolicy? }
    status { typeChecking { expressionWarnings { fieldRef warning } } }`,
  row({ spec, status }, meta, cells) {
    const warnings = status?.typeChecking?.expressionWarnings ?? [];
    if (warnings.length > 0) {
      say(
        cells,
        meta,
        'Type warnings',
        tone.warning,
        warnings.map(({ fieldRef, warning }) => `${fieldRef}: ${warning}`).join(' '),
      );
    } else present(cells, meta);
    cells.number(validating.at.validations, spec?.validations ?? 0);
    cells.text(validating.at.paramkind, paramText(spec?.paramKind));
    cells.text(validating.at.failure, spec?.failurePolicy ?? '');
    cells.number(validating.at.warnings, warnings.length);
  },
});

export const mutatingAdmissionPolicies = kind<MutatingadmissionpoliciesAdmissionregistrationK8sIo>({
  id: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
  kind: 'MutatingAdmissionPolicy',
  version: 'v1',
  section: 'Policy',
  cluster: true,
  columns: mutating.list,
  select: 'spec { paramKind { apiVersion kind } mutations# failurePolicy? reinvocationPolicy }',
  row({ spec }, meta, cells) {
    present(cells, meta);
    cells.number(mutating.at.mutations, spec?.mutations ?? 0);
    cells.text(mutating.at.paramkind, paramText(spec?.paramKind));
    cells.text(mutating.at.failure, spec?.failurePolicy ?? '');
    cells.text(mutating.at.reinvocation, spec?.reinvocationPolicy ?? '');
  },
});
