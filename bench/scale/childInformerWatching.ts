import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

/** client-node's side of scale.kind: its informer. Prints a line when its list is complete; ends with its input. */
const config = new KubeConfig();
config.loadFromFile(process.argv[2] ?? '');
const api = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
informer.on('error', (error: unknown) => {
  console.error(error);
  process.exit(1);
});
await informer.start();
process.stdout.write(`listed ${informer.list().length}\n`);
process.stdin.on('end', () => process.exit(0)).resume();
