import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

/** The other side: a process that has the complete live list of pods in client-node's informer. */
const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? '');
const api = config.makeApiClient(CoreV1Api);
/** Absent for all. */
const namespace = process.argv[3];
const informer =
  namespace === undefined
    ? makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces())
    : makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, () => api.listNamespacedPod({ namespace }));
informer.on('error', (error: unknown) => {
  console.error(error);
  process.exit(1);
});
await informer.start();
const { user, system } = process.cpuUsage();
process.stdout.write(JSON.stringify({ rows: informer.list().length, cpuSeconds: (user + system) / 1e6 }), () =>
  process.exit(0),
);
