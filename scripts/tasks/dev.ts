// A window on the demo fleet that follows changes of the page at once; changes of the engine take a restart (Ctrl+R does
// not). Without Electron, the same in a browser.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createServer } from 'vite';
import { ensureBuilt } from '../built.ts';
import { root } from '../steps.ts';

await ensureBuilt();
const enginePort = Number(process.env.KUBESAGE_PORT ?? 8470);
const engine = spawn(
  process.execPath,
  [
    '--watch',
    join(root, 'src', 'main', 'cli', 'index.ts'),
    'serve',
    '--demo',
    '--port',
    String(enginePort),
    '--dev-origin',
    'http://127.0.0.1:5173',
  ],
  { stdio: 'inherit' },
);
const server = await createServer({
  configFile: join(root, 'vite.config.ts'),
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: true,
    proxy: { '/api': { target: `http://127.0.0.1:${enginePort}`, ws: true } },
  },
});
await server.listen();
server.printUrls();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    engine.kill(signal);
    void server.close().then(() => process.exit(0));
  });
}
