import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** `kubesage serve` as it is shipped, bundled into a folder of its own. @returns the program's path. */
export async function bundleServe(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  // Native packages are found from where the bundle lies.
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        input: {
          kubesage: join(root, 'src/main/cli/index.ts'),
          watcherWorker: join(root, 'src/core/kube/reflector/watcherWorker.ts'),
        },
        external: [/^@duckdb\//, /^node:/],
        output: { format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return join(folder, 'kubesage.mjs');
}
