import type { ObjectRef } from '../resources/contract.ts';
import type { Evidence, Finding, Severity } from './contract.ts';

/** Pieces of evidence that a finding shows; the others are counted. */
const mostEvidence = 100;

export interface Budget {
  metadata: { name: string; namespace: string };
  spec?: { minAvailable?: number | string; maxUnavailable?: number | string };
  status?: { disruptionsAllowed?: number; expectedPods?: number; currentHealthy?: number; desiredHealthy?: number };
}

export interface Workload {
  metadata: { name: string; namespace: string };
  spec?: {
    replicas?: number;
    template?: { spec?: { volumes?: { name: string; hostPath?: unknown; emptyDir?: { medium?: string } }[] } };
  };
}

export interface Webhook {
  name: string;
  failurePolicy?: string;
  clientConfig?: { service?: { namespace: string; name: string }; url?: string };
  rules?: { apiGroups?: string[]; resources?: string[]; operations?: string[] }[];
  namespaceSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
  timeoutSeconds?: number;
}

export interface WebhookConfiguration {
  metadata: { name: string };
  webhooks?: Webhook[];
}

export interface ApiService {
  metadata: { name: string };
  spec?: { service?: { namespace: string; name: string } | null };
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

export interface Namespace {
  metadata: { name: string; deletionTimestamp?: string };
  spec?: { finalizers?: string[] };
  status?: { phase?: string; conditions?: { type: string; status: string; message?: string }[] };
}

export interface Volume {
  metadata: { name: string };
  spec?: { local?: unknown; hostPath?: unknown; claimRef?: { namespace?: string; name?: string } };
  status?: { phase?: string };
}

/** Gathers what hazards stand on, a finding a sort of hazard. */
export class Hazards {
  readonly #cluster: string;
  readonly #found = new Map<string, Finding>();

  constructor(cluster: string) {
    this.#cluster = cluster;
  }

  get findings(): Finding[] {
    return [...this.#found.values()];
  }

  add(hazard: Hazard, evidence: Evidence): void {
    const { severity, title, why, action } = hazards[hazard];
    let finding = this.#found.get(hazard);
    if (finding === undefined) {
      finding = {
        key: `hazard/${hazard}`,
        area: 'hazard',
        severity,
        title,
        why,
        action,
        evidence: [],
        more: 0,
        phase: 'before',
        at: null,
      };
      this.#found.set(hazard, finding);
    }
    if (finding.evidence.length < mostEvidence) finding.evidence.push(evidence);
    else finding.more++;
  }

  budget({ metadata, spec = {}, status = {} }: Budget): void {
    const { disruptionsAllowed = 0, expectedPods = 0, currentHealthy = 0, desiredHealthy = 0 } = status;
    if (expectedPods === 0 || disruptionsAllowed > 0) return;
    const object = this.#ref('poddisruptionbudgets.policy', metadata);
    const { minAvailable, maxUnavailable } = spec;
    const never = desiredHealthy >= expectedPods;
    const wanted =
      maxUnavailable === undefined ? `minAvailable ${minAvailable ?? '?'}` : `maxUnavailable ${maxUnavailable}`;
    if (never) this.add('budgetNever', { object, text: `${wanted} of ${expectedPods} pods: none may ever be evicted` });
    else
      this.add('budgetNow', {
        object,
        text: `${currentHealthy} of ${desiredHealthy} wanted pods are healthy (${wanted})`,
      });
  }

  workload(kind: 'deployments.apps' | 'statefulsets.apps', { metadata, spec = {} }: Workload): void {
    const object = this.#ref(kind, metadata);
    const { replicas = 1, template } = spec;
    if (replicas === 1) this.add('single', { object, text: '1 replica' });
    if (replicas === 0) return;
    const volumes = template?.spec?.volumes ?? [];
    const paths = volumes.filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
    const scratch = volumes.filter(({ emptyDir }) => emptyDir !== undefined && emptyDir.medium !== 'Memory');
    if (paths.length > 0) this.add('hostPath', { object, text: `hostPath: ${paths.join(', ')}` });
    if (scratch.length > 0)
      this.add('emptyDir', { object, text: `emptyDir: ${scratch.map(({ name }) => name).join(', ')}` });
  }

  volume({ metadata, spec = {}, status }: Volume): void {
    if (spec.local === undefined && spec.hostPath === undefined) return;
    if (status?.phase !== 'Bound') return;
    const { namespace = '', name = '' } = spec.claimRef ?? {};
    const object: ObjectRef = { cluster: this.#cluster, kind: 'persistentvolumes', namespace: '', name: metadata.name };
    this.add('localVolume', { object, text: `On one node's disk, claimed by ${namespace}/${name}` });
  }

  /** @param ready how many endpoints of a service are ready, by `namespace/name`; undefined where that is not known */
  webhooks(
    kind: 'validatingwebhookconfigurations' | 'mutatingwebhookconfigurations',
    { metadata, webhooks = [] }: WebhookConfiguration,
    ready: (service: string) => number | undefined,
  ): void {
    const object: ObjectRef = {
      cluster: this.#cluster,
      kind: `${kind}.admissionregistration.k8s.io`,
      namespace: '',
      name: metadata.name,
    };
    for (const { name, failurePolicy = 'Fail', clientConfig, rules = [], namespaceSelector } of webhooks) {
      if (failurePolicy !== 'Fail') continue;
      const matches = (wanted: string) =>
        rules.some(({ resources = [] }) =>
          resources.some((resource) => resource === wanted || resource === '*' || resource === '*/*'),
        );
      const everything = rules.some(({ apiGroups = [] }) => apiGroups.includes('*')) && matches('*');
      const service = clientConfig?.service;
      const what = everything ? 'everything' : matches('pods') ? 'pods' : 'other objects';
      if (service === undefined) {
        if (everything || matches('pods'))
          this.add('webhookOutside', { object, text: `${name} is asked about ${what}` });
        continue;
      }
      const backend = `${service.namespace}/${service.name}`;
      const endpoints = ready(backend);
      if (endpoints === 0)
        this.add('webhookDown', { object, text: `${name}: ${backend} has no ready endpoint; asked about ${what}` });
      else if (everything || (matches('pods') && excludes(namespaceSelector) === false)) {
        this.add('webhookInside', {
          object,
          text: `${name} is asked about ${what}, also where its own ${backend} runs${endpoints === 1 ? ', which is one pod' : ''}`,
        });
      } else if (endpoints === 1)
        this.add('webhookSingle', { object, text: `${name}: ${backend} has one ready endpoint` });
    }
  }

  apiService({ metadata, status }: ApiService): void {
    const available = status?.conditions?.find(({ type }) => type === 'Available');
    if (available === undefined || available.status === 'True') return;
    const object = {
      cluster: this.#cluster,
      kind: 'apiservices.apiregistration.k8s.io',
      namespace: '',
      name: metadata.name,
    };
    this.add('apiService', { object, text: available.message ?? available.reason ?? 'Not available' });
  }

  namespace({ metadata, spec, status }: Namespace): void {
    if (metadata.deletionTimestamp === undefined) return;
    const why = status?.conditions?.filter((each) => each.status === 'True').map(({ message = '' }) => message) ?? [];
    const text = why.join(' ') || `Waits for finalizers: ${spec?.finalizers?.join(', ') ?? 'none are told'}`;
    const object = { cluster: this.#cluster, kind: 'namespaces', namespace: '', name: metadata.name };
    this.add('terminating', { object, text: `Since ${metadata.deletionTimestamp}. ${text}` });
  }

  #ref(kind: string, { namespace, name }: { namespace: string; name: string }): ObjectRef {
    return { cluster: this.#cluster, kind, namespace, name };
  }
}

/** A webhook that leaves some namespaces out is taken to leave out its own: a selector cannot be judged without labels. */
function excludes(selector: Webhook['namespaceSelector']): boolean {
  return Object.keys(selector?.matchLabels ?? {}).length > 0 || (selector?.matchExpressions?.length ?? 0) > 0;
}

export type Hazard = keyof typeof hazards;

const hazards = {
  budgetNever: {
    severity: 'blocker',
    title: 'Disruption budgets that never allow an eviction',
    why: 'Draining a node waits for them without end, and so does every upgrade of nodes that drains.',
    action: 'Run one replica more than the budget wants, or loosen it before the nodes are upgraded.',
  },
  budgetNow: {
    severity: 'blocker',
    title: 'Disruption budgets that allow no eviction now',
    why: 'Too few of their pods are healthy, so that no node with one of them can be drained.',
    action: 'Bring the pods back to health first.',
  },
  single: {
    severity: 'note',
    title: 'Workloads with one replica',
    why: 'They are away while their pod moves to another node.',
    action: 'Scale them to two before the nodes are upgraded where an interruption matters.',
  },
  bare: {
    severity: 'warning',
    title: 'Pods without a controller',
    why: 'A drain refuses them, or deletes them for good when it is forced.',
    action: 'Let a Deployment or a Job own them, or delete them on purpose.',
  },
  hostPath: {
    severity: 'warning',
    title: 'Workloads that keep data on the node',
    why: 'A hostPath does not move with the pod: on another node it starts without its data.',
    action: 'Move the data to a persistent volume, or upgrade that node in place and last.',
  },
  emptyDir: {
    severity: 'note',
    title: 'Workloads with scratch space',
    why: 'What stands in an emptyDir is lost when the pod moves; kubectl drain wants --delete-emptydir-data for them.',
    action: 'See that nothing in it is needed.',
  },
  localVolume: {
    severity: 'warning',
    title: 'Volumes on one node',
    why: 'Their pods can run on that node alone: while it is upgraded they wait.',
    action: 'Plan for the interruption, or have a replica elsewhere.',
  },
  webhookDown: {
    severity: 'blocker',
    title: 'Admission webhooks that are down',
    why: 'They must be asked (failurePolicy Fail) and nobody answers: what they are asked about cannot be written, so pods or control plane may not come back.',
    action: 'Bring the service back, or remove the webhook.',
  },
  webhookInside: {
    severity: 'warning',
    title: 'Admission webhooks that their own pods depend on',
    why: 'When their pods are away, the webhook refuses the pods that would bring it back.',
    action:
      'Leave its own namespace and kube-system out by a namespaceSelector, or run several replicas with a budget.',
  },
  webhookSingle: {
    severity: 'note',
    title: 'Admission webhooks with one ready endpoint',
    why: 'They must be asked (failurePolicy Fail): while that one pod moves, what they are asked about is refused.',
    action: 'Run two replicas with a disruption budget while nodes are upgraded.',
  },
  webhookOutside: {
    severity: 'note',
    title: 'Admission webhooks outside of the cluster',
    why: 'They must be asked (failurePolicy Fail), and whether they answer cannot be seen from here.',
    action: 'See that they are up, and reachable from the new control plane.',
  },
  apiService: {
    severity: 'blocker',
    title: 'Aggregated APIs that are not available',
    why: 'Discovery is incomplete with them: namespaces do not end, and tools that upgrade may refuse.',
    action: 'Bring their service back, or delete the APIService if nothing needs it.',
  },
  terminating: {
    severity: 'warning',
    title: 'Namespaces that do not end',
    why: 'Something in them waits for a finalizer whose controller is away, or for an API that is gone.',
    action: 'Find what holds them before more changes.',
  },
  room: {
    severity: 'warning',
    title: 'Nodes whose pods find no room elsewhere',
    why: 'By what they request, pods of a drained node would wait until it is back (affinity and volumes are not counted).',
    action: 'Add a node to the pool for the time of the upgrade, or let the autoscaler do it.',
  },
  gates: {
    severity: 'note',
    title: 'Feature gates that are set by hand',
    why: 'A gate that is gone in the new release keeps the component from starting.',
    action: 'Look each up in the list of feature gates of the target.',
  },
} as const satisfies Record<string, { severity: Severity; title: string; why: string; action: string }>;
