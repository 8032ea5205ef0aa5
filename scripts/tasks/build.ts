// Builds what is installed and started: the window's three bundles, and the engine's programs for Node 24.
import { rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';
import { noteBundled } from '../bundled.ts';
import { bin, root, runStep } from '../steps.ts';

const out = join(root, 'out');

/** Native code and its loaders stay packages; all else is bundled. */
const external = [
  /^@duckdb\/node-bindings/,
  '@lydell/node-pty',
  'node-llama-cpp',
  'electron',
  /^node:/,
  ...builtinModules,
];

/** Each is started by file. All lie in one folder, so that a program finds its workers beside itself in every chunk. */
const programs = {
  engine: 'src/main/engine/index.ts',
  kubesage: 'src/main/cli/index.ts',
  watcherWorker: 'src/core/kube/reflector/watcherWorker.ts',
  demoWorker: 'src/core/simulator/demoWorker.ts',
};

rmSync(out, { recursive: true, force: true });
const window = await runStep({ name: 'window', command: bin('electron-vite'), args: ['build', '--logLevel', 'warn'] });
if (window !== 0) process.exit(window);
await build({
  configFile: false,
  root,
  logLevel: 'warn',
  publicDir: false,
  plugins: [noteBundled('programs')],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    outDir: join(out, 'main'),
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: programs,
      external,
      output: { format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
    },
  },
});
