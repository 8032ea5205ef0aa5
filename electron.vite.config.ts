import { defineConfig } from 'electron-vite';
import { noteBundled } from './scripts/bundled.ts';
import renderer from './vite.config.ts';

/**
 * The desktop's three bundles. Main and preload are CommonJS for a Node that old Electrons have, so that the same build
 * is tested on one; the engine is a bundle of its own (scripts/tasks/build.ts), since it runs on Node 24 as well.
 */
export default defineConfig({
  main: {
    plugins: [noteBundled('desktop')],
    build: {
      outDir: 'out/main',
      emptyOutDir: false,
      target: 'node16',
      minify: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { desktop: 'src/main/desktop/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
        external: ['electron', /^node:/],
      },
    },
  },
  preload: {
    plugins: [noteBundled('preload')],
    build: {
      outDir: 'out/preload',
      target: 'node16',
      minify: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
        external: ['electron'],
      },
    },
  },
  renderer,
});
