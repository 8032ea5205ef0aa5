import type { Table } from '../../kube/columns/table.ts';
import type { Stage } from './contract.ts';
import type { Part } from './model.ts';
import { link } from './parts.ts';

/** An object that another one names. */
export interface Named {
  kind: string;
  kindName: string;
  namespace: string;
  name: string;
}

/** What relations are made with. */
export interface Linking {
  /** The part of an object; one that is not there is made. */
  find(named: Named, stage: Stage): Part;
  kindId(kindName: string): string | undefined;
  /** Pods of a namespace that a selector lets through. */
  select(namespace: string, selector: string): ReadonlyMap<Part, number>;
}

const gatewayApi = 'gateway.networking.k8s.io';
const istioApi = 'networking.istio.io';

/**
 * Links what requests go through: a gateway to the routes that are attached to it, a route to its services, a gateway of
 * Istio to the pods that it is. Out of the hidden columns of these kinds (`relationColumns`).
 */
export function linkRoute(part: Part, table: Table, row: number, to: Linking): void {
  const cell = (column: string) => {
    const at = table.column(column);
    return at === -1 ? '' : table.text(row, at);
  };
  const isIstio = table.schema.group === istioApi;
  for (const parent of isIstio ? istioGateways(cell('parents'), part.namespace) : parentsOf(cell('parents'), part)) {
    link(to.find(parent, 'entry'), part, 'routes');
  }
  for (const backend of isIstio
    ? istioServices(cell('backends'), part.namespace)
    : backendsOf(cell('backends'), part, to)) {
    const service = to.find(backend, 'service');
    link(part, service, 'routes');
    if (part.app === '') part.app = service.app;
  }
  const secrets = refsOf(cell('certificates')).filter(({ kind = 'Secret', namespace = part.namespace }) => {
    return kind === 'Secret' && namespace === part.namespace;
  });
  if (secrets.length > 0) part.refs = new Set(secrets.map(({ name }) => `Secret/${name}`));
  const selector = labelsOf(cell('podselector'));
  if (selector !== '')
    for (const [pods, count] of to.select(part.namespace, selector)) link(part, pods, 'selects', count);
}

/** Services that a rule of Istio for what comes after routing is about. */
export function ruledServices(table: Table, row: number, namespace: string): Named[] {
  const at = table.column('backends');
  const service = at === -1 ? undefined : serviceOf(table.text(row, at), namespace);
  return service === undefined ? [] : [service];
}

interface Ref {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
}

function parentsOf(text: string, { namespace: own }: Part): Named[] {
  return refsOf(text).flatMap(({ group = gatewayApi, kind = 'Gateway', namespace = own, name }) => {
    // A route of a mesh is attached to a service: that leads nowhere.
    if (group !== gatewayApi || (kind !== 'Gateway' && kind !== 'ListenerSet')) return [];
    const resource = kind === 'Gateway' ? 'gateways' : 'listenersets';
    return [{ kind: `${resource}.${gatewayApi}`, kindName: kind, namespace, name }];
  });
}

function backendsOf(text: string, { namespace: own }: Part, to: Linking): Named[] {
  return refsOf(text).map(({ group = '', kind = 'Service', namespace = own, name }) => {
    const id = group === '' && kind === 'Service' ? 'services' : (to.kindId(kind) ?? kind);
    return { kind: id, kindName: kind, namespace, name };
  });
}

/** `name`, `namespace/name`; `mesh` is every sidecar and no gateway. */
function istioGateways(text: string, own: string): Named[] {
  return text
    .split(', ')
    .filter((gateway) => gateway !== '' && gateway !== 'mesh')
    .map((gateway) => {
      const cut = gateway.indexOf('/');
      const namespace = cut === -1 ? own : gateway.slice(0, cut);
      return { kind: `gateways.${istioApi}`, kindName: 'Gateway', namespace, name: gateway.slice(cut + 1) };
    });
}

function istioServices(text: string, own: string): Named[] {
  return objectsIn(text).flatMap(({ host }) => {
    const service = typeof host === 'string' ? serviceOf(host, own) : undefined;
    return service === undefined ? [] : [service];
  });
}

/** The service that a host is; undefined for hosts outside of the cluster and for patterns. */
function serviceOf(host: string, own: string): Named | undefined {
  const [, name, namespace = own] = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc(?:\..+)?)?$/.exec(host) ?? [];
  return name === undefined ? undefined : { kind: 'services', kindName: 'Service', namespace, name };
}

function refsOf(text: string): Ref[] {
  return objectsIn(text).filter((each): each is Record<string, unknown> & Ref => typeof each.name === 'string');
}

/** `{"istio":"gateway"}` as a selector. */
function labelsOf(text: string): string {
  const [labels = {}] = objectsIn(text);
  return Object.entries(labels)
    .filter(([, value]) => typeof value === 'string')
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** JSON objects, separated by commas. */
function objectsIn(text: string): Record<string, unknown>[] {
  if (text === '') return [];
  let all: unknown;
  try {
    all = JSON.parse(`[${text}]`);
  } catch {
    // Anything may stand in a field of a custom resource: it leads nowhere then.
    return [];
  }
  return (all as unknown[]).filter(
    (each): each is Record<string, unknown> => typeof each === 'object' && each !== null,
  );
}
