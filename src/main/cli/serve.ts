import { existsSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Engine, EngineOptions } from '../../core/engine.ts';
import { createServeHost } from '../serve/serveHost.ts';
import { version } from '../version.ts';
import { createTerminalConfirm } from './terminalConfirm.ts';

/**
 * Serves until the process is told to end. Prints the address that signs one browser in as soon as pages are served:
 * while they load, the engine starts, and what they ask it waits for that.
 */
export async function serve(options: {
  port: number;
  dataFolder: string | undefined;
  demo: EngineOptions['demo'];
  devOrigin: string | undefined;
  /** Hashes of plugins and kubeconfigs that need no question. */
  approved: readonly string[];
}): Promise<void> {
  const engine = Promise.withResolvers<Engine>();
  const contract = engine.promise.then(async () => (await import('../../core/contract.ts')).contract);
  const host = await createServeHost({
    contract,
    server: engine.promise.then(({ server }) => server),
    info: { title: 'KubeSage', version, description: 'Everything that the application shows and does.' },
    staticFolder: rendererFolder(),
    port: options.port,
    ...(options.devOrigin === undefined ? {} : { allowedHosts: [new URL(options.devOrigin).host] }),
    policy: { inlineStyles: true },
    log: ({ address, error }) => console.error(`${address} failed:`, error),
  });
  console.log(`KubeSage ${version} is on ${host.signInUrl}`);
  console.log('The address signs one browser in, once. Ctrl+C ends the server.');
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void host
      .close()
      .then(() => engine.promise)
      .then((running) => running.close())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
  try {
    for (const load of engineParts) {
      await load();
      await setImmediate();
    }
    const { startEngine } = await import('../program.ts');
    const { dataFolder, demo, approved } = options;
    const confirm = createTerminalConfirm({ input: process.stdin, output: process.stderr, approved });
    engine.resolve(await startEngine({ host: 'serve', dataFolder, demo, confirm }));
  } catch (error) {
    engine.reject(error);
    throw error;
  }
}

/** What the engine is made of, in parts: each holds the thread while it is loaded, and requests are answered in between. */
const engineParts: readonly (() => Promise<unknown>)[] = [
  () => import('zod'),
  () => import('../../core/contract.ts'),
  () => import('../../core/kube/projectors/index.ts'),
  () => import('../../core/kube/kubeconfig/index.ts'),
  () => import('../../core/platform/store/index.ts'),
];

/** The built interface: beside a bundle, or in out/ when this runs from the sources. */
function rendererFolder(): string | undefined {
  for (const path of ['../renderer', '../../../out/renderer']) {
    const folder = fileURLToPath(new URL(path, import.meta.url));
    if (existsSync(`${folder}/index.html`)) return folder;
  }
  return undefined;
}
