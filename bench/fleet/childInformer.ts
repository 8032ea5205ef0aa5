import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

/** The other side: a process that has the complete live list of pods in client-node's informer, or in several, one after the other. */
const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? '');
const lists = Number(process.argv[3] ?? 1);
/** Absent for all. */
const namespace = process.argv[4];
const cpuSeconds: number[] = [];
let rows = 0;
for (let list = 0; list < lists; list++) {
  const api = config.makeApiClient(CoreV1Api);
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
  cpuSeconds.push((user + system) / 1e6);
  rows += informer.list().length;
}
process.stdout.write(JSON.stringify({ rows, cpuSeconds }), () => process.exit(0));
