import type { BatchBuilder } from '../../columns/batchBuilder.ts';
import type { MutatingwebhookconfigurationsAdmissionregistrationK8sIo } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import type { ObjectMeta } from '../meta.ts';
import { present } from './parts.ts';

const own = columns({
  webhooks: number('Webhooks'),
  services: text('Called', 0, 240, 'Services as `namespace/name`, or URLs'),
  failure: text('On failure', 0, 90),
  resources: text('Resources', 1, 240),
});
const { at } = own;

type Configuration = MutatingwebhookconfigurationsAdmissionregistrationK8sIo;

function row({ webhooks }: Configuration, meta: ObjectMeta, cells: BatchBuilder): void {
  present(cells, meta);
  const joined = (values: readonly string[]): string => [...new Set(values.filter((value) => value !== ''))].join(',');
  cells.number(at.webhooks, webhooks.length);
  cells.text(
    at.services,
    joined(
      webhooks.map(({ clientConfig }) =>
        clientConfig?.service
          ? `${clientConfig.service.namespace}/${clientConfig.service.name}`
          : (clientConfig?.url ?? ''),
      ),
    ),
  );
  cells.text(at.failure, joined(webhooks.map(({ failurePolicy }) => failurePolicy ?? '')));
  cells.text(at.resources, joined(webhooks.flatMap(({ rules }) => rules.flatMap(({ resources }) => resources))));
}

const description = {
  version: 'v1',
  section: 'Policy',
  cluster: true,
  columns: own.list,
  select: 'webhooks { name clientConfig { url? service { namespace name } } rules { resources } failurePolicy? }',
  row,
} as const;

export const mutatingWebhookConfigurations = kind<Configuration>({
  id: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  kind: 'MutatingWebhookConfiguration',
  ...description,
});

export const validatingWebhookConfigurations = kind<Configuration>({
  id: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
  kind: 'ValidatingWebhookConfiguration',
  ...description,
});
