import type { Disposable } from '../kernel/disposable.ts';
import type { SimulatedUser } from './api/access.ts';
import type { ProtobufCodec } from './api/encoding.ts';
import { apiVersionOf, type ResourceType, TypeRegistry } from './kinds/registry.ts';
import { instant, type KubeObject, type NewObject } from './objects.ts';
import { ObjectStore } from './store/objectStore.ts';
import type { Random } from './store/random.ts';
import { Timeline } from './store/timeline.ts';

export interface ClusterOptions {
  name: string;
  random: Random;
  /** When its life begins, milliseconds. */
  startMs: number;
  /** `1.37.2`. */
  version?: string;
  users?: readonly SimulatedUser[];
  protobuf?: ProtobufCodec | undefined;
  ringSize?: number;
  /** Text of a container's log lines; absent: a plain generator. */
  logs?: LogSource;
}

/** Writes a container's past and present log lines. */
export interface LogSource {
  /** The lines of a container between two instants, oldest first, with their instants in milliseconds. */
  lines(pod: KubeObject, container: string, fromMs: number, toMs: number): Iterable<{ at: number; text: string }>;
}

/** The state of one simulated cluster; the API server and the controllers work on it. */
export interface SimulatedCluster extends Disposable {
  readonly name: string;
  readonly version: string;
  readonly store: ObjectStore;
  readonly types: TypeRegistry;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly users: readonly SimulatedUser[];
  readonly protobuf: ProtobufCodec | undefined;
  readonly logs: LogSource | undefined;
  /** Fills in what the server sets (uid, creation time) and writes it; the caller has checked that it is new. `uid` is for whoever draws from a stream of its own. */
  create(type: string, object: NewObject, uid?: string): KubeObject;
}

export function createCluster(options: ClusterOptions): SimulatedCluster {
  const timeline = new Timeline(options.startMs);
  const store = new ObjectStore({
    firstRevision: 1000,
    ...(options.ringSize === undefined ? {} : { ringSize: options.ringSize }),
  });
  const types = new TypeRegistry();
  const uids = options.random.fork('uid');
  return {
    name: options.name,
    version: options.version ?? '1.37.2',
    store,
    types,
    timeline,
    random: options.random,
    users: options.users ?? [],
    protobuf: options.protobuf,
    logs: options.logs,
    create(typeId, object, uid = uids.uid()) {
      const type = types.byId(typeId);
      return store.put(typeId, stamped(type, object, uid, instant(timeline.now())));
    },
    dispose: () => timeline.dispose(),
  };
}

/** An object as the server stores it first: kind and version first, so that encodings have a known beginning. */
export function stamped(type: ResourceType, object: NewObject, uid: string, now: string): KubeObject {
  const { apiVersion: _version, kind: _kind, metadata, ...rest } = object;
  return {
    kind: type.kind,
    apiVersion: apiVersionOf(type),
    metadata: {
      name: '',
      ...metadata,
      uid,
      resourceVersion: '',
      ...(hasGeneration(type) ? { generation: 1 } : {}),
      creationTimestamp: now,
    },
    ...rest,
  };
}

const withoutGeneration = new Set([
  'configmaps',
  'secrets',
  'events',
  'namespaces',
  'nodes',
  'serviceaccounts',
  'services',
  'endpoints',
  'persistentvolumeclaims',
  'persistentvolumes',
  'leases.coordination.k8s.io',
]);

/** Kinds whose specification is counted; a pod's has been since 1.33. */
export function hasGeneration(type: ResourceType): boolean {
  return !withoutGeneration.has(type.id) && !type.group.startsWith('rbac.') && !type.group.startsWith('storage.');
}
