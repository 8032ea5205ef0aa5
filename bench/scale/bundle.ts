import path from 'node:path';
import { build } from 'vite';

/** Programs of this bench as one file each, as the product ships: reading hundreds of modules is nobody's figure. */
export async function bundle(entries: Readonly<Record<string, string>>, folder: string): Promise<void> {
  for (const [name, entry] of Object.entries(entries)) {
    await build({
      configFile: false,
      logLevel: 'error',
      root: import.meta.dirname,
      ssr: { noExternal: true },
      build: {
        ssr: path.join(import.meta.dirname, entry),
        outDir: folder,
        emptyOutDir: false,
        target: 'node24',
        minify: false,
        rollupOptions: { output: { entryFileNames: `${name}.mjs`, codeSplitting: false } },
      },
    });
  }
}

/** The watchers' threads look for this beside the program. */
export const watcherWorker = { watcherWorker: '../../src/core/kube/reflector/watcherWorker.ts' };
