import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';

/** The other side: a process that has the complete live list of pods of every context in client-node's informers. */
const path = process.argv[2] ?? '';
const whole = new KubeConfig();
whole.loadFromFile(path);
let rows = 0;
const start = async (name: string) => {
  const config = new KubeConfig();
  config.loadFromFile(path);
  config.setCurrentContext(name);
  const api = config.makeApiClient(CoreV1Api);
  const informer = makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces());
  informer.on('error', (error: unknown) => {
    console.error(error);
    process.exit(1);
  });
  await informer.start();
  rows += informer.list().length;
};
await Promise.all(whole.getContexts().map(({ name }) => start(name)));
const { user, system } = process.cpuUsage();
const rssBytes = process.memoryUsage().rss;
process.stdout.write(JSON.stringify({ rows, cpuSeconds: (user + system) / 1e6, rssBytes }), () => process.exit(0));
