import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contract } from '../../core/contract.ts';
import type { EngineOptions } from '../../core/engine.ts';
import { startEngine, version } from '../program.ts';
import { createServeHost } from '../serve/serveHost.ts';

/** Serves until the process is told to end. Prints the address that signs one browser in. */
export async function serve(options: {
  port: number;
  dataFolder: string | undefined;
  demo: EngineOptions['demo'];
  devOrigin: string | undefined;
}): Promise<void> {
  const engine = await startEngine({ host: 'serve', dataFolder: options.dataFolder, demo: options.demo });
  const host = await createServeHost({
    contract,
    server: engine.server,
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
      .then(() => engine.close())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

/** The built interface: beside a bundle, or in out/ when this runs from the sources. */
function rendererFolder(): string | undefined {
  for (const path of ['../renderer', '../../../out/renderer']) {
    const folder = fileURLToPath(new URL(path, import.meta.url));
    if (existsSync(`${folder}/index.html`)) return folder;
  }
  return undefined;
}
