import { spawn } from 'node:child_process';
import { CoreV1Api, KubeConfig, makeInformer, type V1Pod } from '@kubernetes/client-node';
import { meta } from '../../src/core/kube/columns/schema.ts';
import { createTables } from '../../src/core/kube/columns/tables.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { createWatchers } from '../../src/core/kube/reflector/index.ts';

/** A client that shows the pods of one server. */
export interface Side {
  name: string;
  /** `name@version`, sorted. */
  rows(): string[];
  /** It says that what it shows may be old. */
  isMarked(): boolean;
  stop(): void;
}

const context = (server: string) => ({
  apiVersion: 'v1',
  kind: 'Config',
  // What its client wants to be told before it speaks HTTP.
  clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
  users: [{ name: 'u', user: { token: 't' } }],
  contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'c',
});

export function ours(server: string): Side {
  const pods = builtInSchema('pods');
  if (pods === undefined) throw new Error('There are no pods');
  const tables = createTables();
  const table = tables.table(pods, 0);
  const watchers = createWatchers({ workers: 0, version: 'weather' });
  let state = 'listing';
  watchers.onMessage((message) => {
    tables.apply(message);
    if (message.type === 'state') state = message.state.state;
  });
  watchers.connect(
    0,
    { server, insecureSkipTlsVerify: false, disableCompression: false },
    // A plugin gives a new token each time that it is asked.
    { get: async (refused) => ({ token: 't', generation: (refused ?? 0) + 1 }) },
  );
  watchers.watch(0, { schema: pods, namespaces: null, custom: false, priority: 0 });
  return {
    name: 'KubeSage',
    rows: () => [...table.rows(0)].map((row) => `${table.text(row, meta.name)}@${table.versions[row]}`).sort(),
    isMarked: () => state !== 'live',
    stop: () => watchers.dispose(),
  };
}

/** With the restart that its documentation shows: five seconds after an error. */
export function informer(server: string): Side {
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(context(server)));
  const api = config.makeApiClient(CoreV1Api);
  const made = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
  let marked = false;
  let stopped = false;
  const start = () => {
    if (stopped) return;
    made.start().then(
      () => {
        marked = false;
      },
      () => {
        marked = true;
        setTimeout(start, 5_000);
      },
    );
  };
  made.on('error', () => {
    marked = true;
    setTimeout(start, 5_000);
  });
  made.on('connect', () => {
    marked = false;
  });
  start();
  const row = ({ metadata }: V1Pod) => `${metadata?.name}@${metadata?.resourceVersion}`;
  return {
    name: 'client-node informer',
    rows: () => made.list().map(row).sort(),
    isMarked: () => marked,
    stop() {
      stopped = true;
      void made.stop();
    },
  };
}

/** What its lines say; marked when it has ended or has said something in its error output. */
export function kubectl(server: string, command: string): Side {
  const columns = 'custom-columns=EVENT:.type,NAME:.object.metadata.name,RV:.object.metadata.resourceVersion';
  const args = ['--server', server, '--kubeconfig', '/dev/null', 'get', 'pods', '-A', '-w', '--chunk-size=0'];
  const child = spawn(command, [...args, '--output-watch-events', '--no-headers', '-o', columns], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const rows = new Map<string, string>();
  let held = '';
  let marked = false;
  child.stdout.on('data', (bytes: Buffer) => {
    held += bytes.toString();
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) {
      const [event, name = '', version = ''] = line.trim().split(/\s+/);
      if (event === 'DELETED') rows.delete(name);
      else rows.set(name, version);
    }
  });
  child.stderr.on('data', () => {
    marked = true;
  });
  child.on('close', () => {
    marked = true;
  });
  return {
    name: 'kubectl get -w',
    rows: () => [...rows].map(([name, version]) => `${name}@${version}`).sort(),
    isMarked: () => marked,
    stop: () => child.kill('SIGKILL'),
  };
}
