import { toErrorValue } from '../../kernel/errors.ts';
import type { Asking } from './asking.ts';
import type { ApiService, Budget, Hazards, Namespace, Volume, WebhookConfiguration, Workload } from './hazards.ts';

interface Count {
  count: number;
  whole: boolean;
}

async function readList<T>(asking: Asking, path: string, use: (item: T) => void): Promise<Count> {
  let count = 0;
  const whole = await asking.each<T>(path, (item) => {
    count++;
    use(item);
  });
  return { count, whole };
}

export function readBudgets(asking: Asking, hazards: Hazards): Promise<Count> {
  return readList<Budget>(asking, '/apis/policy/v1/poddisruptionbudgets', (budget) => hazards.budget(budget));
}

export async function readWorkloads(asking: Asking, hazards: Hazards): Promise<Count> {
  const counts: Count[] = [];
  for (const kind of ['deployments', 'statefulsets'] as const) {
    counts.push(
      await readList<Workload>(asking, `/apis/apps/v1/${kind}`, (workload) =>
        hazards.workload(`${kind}.apps`, workload),
      ),
    );
  }
  return { count: counts.reduce((sum, { count }) => sum + count, 0), whole: counts.every(({ whole }) => whole) };
}

export function readVolumes(asking: Asking, hazards: Hazards): Promise<Count> {
  return readList<Volume>(asking, '/api/v1/persistentvolumes', (volume) => hazards.volume(volume));
}

export function readNamespaces(asking: Asking, hazards: Hazards): Promise<Count> {
  return readList<Namespace>(asking, '/api/v1/namespaces', (namespace) => hazards.namespace(namespace));
}

export function readApiServices(asking: Asking, hazards: Hazards): Promise<Count> {
  return readList<ApiService>(asking, '/apis/apiregistration.k8s.io/v1/apiservices', (service) =>
    hazards.apiService(service),
  );
}

/** Webhooks, and whether the services behind them have somebody who answers. */
export async function readWebhooks(asking: Asking, hazards: Hazards): Promise<Count> {
  const found: [kind: 'validatingwebhookconfigurations' | 'mutatingwebhookconfigurations', WebhookConfiguration][] = [];
  for (const kind of ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'] as const) {
    await readList<WebhookConfiguration>(asking, `/apis/admissionregistration.k8s.io/v1/${kind}`, (configuration) => {
      found.push([kind, configuration]);
    });
  }
  const services = new Set<string>();
  for (const [, { webhooks = [] }] of found) {
    for (const { clientConfig, failurePolicy = 'Fail' } of webhooks) {
      const service = clientConfig?.service;
      if (service !== undefined && failurePolicy === 'Fail') services.add(`${service.namespace}/${service.name}`);
    }
  }
  const ready = new Map<string, number>();
  for (const service of services) {
    const count = await readyEndpoints(asking, service);
    if (count !== undefined) ready.set(service, count);
  }
  for (const [kind, configuration] of found) hazards.webhooks(kind, configuration, (service) => ready.get(service));
  return { count: found.length, whole: true };
}

/** Undefined where the endpoints may not be read. */
async function readyEndpoints(asking: Asking, service: string): Promise<number | undefined> {
  const [namespace = '', name = ''] = service.split('/');
  const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
  const ready = new Set<string>();
  try {
    await asking.each<{ endpoints?: { addresses?: string[]; conditions?: { ready?: boolean } }[] }>(
      `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices?labelSelector=${selector}`,
      ({ endpoints }) => {
        for (const { addresses = [], conditions } of endpoints ?? []) {
          if (conditions?.ready !== false) for (const address of addresses) ready.add(address);
        }
      },
    );
  } catch (error) {
    asking.signal.throwIfAborted();
    if (toErrorValue(error).code === 'forbidden') return undefined;
    throw error;
  }
  return ready.size;
}

interface ControlPlanePod {
  metadata: { name: string; namespace: string };
  spec?: { containers?: { command?: string[]; args?: string[] }[] };
}

/** Feature gates in the flags of what runs as pods of kube-system: the control plane of kubeadm, and kube-proxy. */
export async function readGates(asking: Asking, hazards: Hazards): Promise<Count> {
  return readList<ControlPlanePod>(
    asking,
    '/api/v1/namespaces/kube-system/pods?labelSelector=tier%3Dcontrol-plane',
    ({ metadata, spec }) => {
      const flags = (spec?.containers ?? []).flatMap(({ command = [], args = [] }) => [...command, ...args]);
      for (const flag of flags) {
        const [, gates] = /^--feature-gates=(.+)$/.exec(flag) ?? [];
        if (gates === undefined) continue;
        const object = { cluster: asking.cluster, kind: 'pods', namespace: metadata.namespace, name: metadata.name };
        hazards.add('gates', { object, text: gates });
      }
    },
  );
}
