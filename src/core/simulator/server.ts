import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Clock } from '../kernel/clock.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Disposable } from '../kernel/disposable.ts';
import { KubeSageError } from '../kernel/errors.ts';
import { authenticate, everything, type SimulatedUser } from './api/access.ts';
import { sendError } from './api/call.ts';
import type { ProtobufCodec } from './api/encoding.ts';
import { kubernetesProtobuf } from './api/protobuf.ts';
import { route } from './api/routes.ts';
import { type Certificate, createCertificate } from './certificate.ts';
import { type ClusterOptions, createCluster, type SimulatedCluster } from './cluster.ts';
import { type ControllerOptions, type Controllers, startControllers } from './controllers/controllers.ts';
import { kubeconfigOf, type ServedCluster } from './kubeconfig.ts';
import { createRandom } from './store/random.ts';

export interface SimulatorOptions {
  /** Name of the cluster and of its context. */
  name: string;
  clock?: Clock;
  /** Everything random follows from it. */
  seed?: string;
  version?: string;
  /** When its life begins; default: now. */
  startMs?: number;
  /** The first user is the kubeconfig's. Default: one administrator. */
  users?: readonly SimulatedUser[];
  /** False: JSON alone, and 406 for protobuf. */
  protobuf?: ProtobufCodec | false;
  /** False: nothing happens but what clients write. */
  controllers?: boolean | ControllerOptions;
  ringSize?: number;
  logs?: ClusterOptions['logs'];
}

export interface ListenOptions {
  /** 0 for any free one. */
  port?: number;
  /** False serves plain HTTP, over which client-go sends no token. A certificate replaces the self-made one. */
  tls?: boolean | Certificate;
}

export interface Simulator extends Disposable {
  readonly cluster: SimulatedCluster;
  /** Undefined when the simulator was made without. */
  readonly controllers: Controllers | undefined;
  /** Starts to serve on loopback and to follow the clock. */
  listen(options?: ListenOptions): Promise<ServedCluster>;
  /** The kubeconfig of what is served. */
  kubeconfig(): string;
  /** `https://127.0.0.1:PORT`, after `listen`. */
  readonly url: string;
  /** Resolves when the socket is released; `dispose` does the same without waiting. */
  close(): Promise<void>;
}

export function administrator(name: string): SimulatedUser {
  return { name: 'admin', groups: ['system:masters'], token: `${name}-admin-token`, rules: everything };
}

/** A Kubernetes API server in this process, over a cluster in memory. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const clock = options.clock ?? systemClock;
  const users = options.users ?? [administrator(options.name)];
  const cluster = createCluster({
    name: options.name,
    random: createRandom(options.seed ?? options.name),
    startMs: options.startMs ?? clock.now(),
    users,
    protobuf: options.protobuf === false ? undefined : (options.protobuf ?? kubernetesProtobuf),
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(options.ringSize === undefined ? {} : { ringSize: options.ringSize }),
    ...(options.logs === undefined ? {} : { logs: options.logs }),
  });
  const controllers =
    options.controllers === false
      ? undefined
      : startControllers(cluster, typeof options.controllers === 'object' ? options.controllers : {});
  let server: Server | undefined;
  let url = '';
  let served: ServedCluster | undefined;

  const close = (): Promise<void> => {
    controllers?.dispose();
    cluster.dispose();
    const closing = server;
    server = undefined;
    if (closing === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      closing.close(() => resolve());
      closing.closeAllConnections();
    });
  };

  return {
    cluster,
    controllers,
    get url() {
      if (url === '') throw new KubeSageError('unavailable', `The simulated cluster ${options.name} is not served yet`);
      return url;
    },
    kubeconfig() {
      if (served !== undefined) return kubeconfigOf([served]);
      throw new KubeSageError('unavailable', `The simulated cluster ${options.name} is not served yet`);
    },
    async listen({ port = 0, tls = true } = {}) {
      cluster.timeline.follow(clock);
      if (!cluster.store.keepsChanges) cluster.store.compact();
      cluster.store.keepsChanges = true;
      const answer = (request: IncomingMessage, response: ServerResponse) => void serve(cluster, request, response);
      const identity = tls === true ? ownCertificate() : tls === false ? undefined : tls;
      const started =
        identity === undefined
          ? createServer(answer)
          : createSecureServer({ key: identity.key, cert: identity.certificate }, answer);
      // Watches are quiet for long; the real server does not hang up on them either.
      started.requestTimeout = 0;
      started.keepAliveTimeout = 90_000;
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject);
        started.listen(port, '127.0.0.1', () => resolve());
      });
      server = started;
      const address = started.address();
      if (address === null || typeof address === 'string')
        throw new TypeError('A TCP server has an address and a port');
      url = `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`;
      const user = users[0] ?? administrator(options.name);
      served = { name: options.name, server: url, user, authority: identity?.certificate };
      return served;
    },
    close,
    dispose: () => void close(),
  };
}

/** One certificate serves all simulators of this process: making one takes a few milliseconds. */
let certificate: Certificate | undefined;

function ownCertificate(): Certificate {
  const dayMs = 24 * 60 * 60_000;
  const now = Date.now();
  certificate ??= createCertificate('kubesage-simulator', { fromMs: now - dayMs, toMs: now + 365 * dayMs });
  return certificate;
}

async function serve(cluster: SimulatedCluster, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulated');
  const call = { cluster, method: request.method ?? 'GET', path: pathname, query: searchParams, request, response };
  const anonymous: SimulatedUser = { name: 'system:anonymous', groups: [], token: '', rules: [] };
  try {
    const user = authenticate(cluster.users, request.headers.authorization);
    await route({ ...call, user });
  } catch (error) {
    sendError({ ...call, user: anonymous }, error);
  }
}
