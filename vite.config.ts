import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { noteBundled } from './scripts/bundled.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The renderer. Paths are relative, so that the same files work from `app://`, from a server's root and from below a
 * prefix. Nothing is inlined into the page: a strict content security policy needs no exception for scripts.
 */
export default defineConfig({
  root: here('./src/renderer'),
  base: './',
  plugins: [react(), noteBundled('renderer')],
  publicDir: false,
  server: { host: '127.0.0.1', fs: { allow: [here('.')] } },
  build: {
    outDir: here('./out/renderer'),
    emptyOutDir: true,
    // electron-vite would leave it as it is: half of the first page's code is comments and long names.
    minify: true,
    // The oldest engine that shows it is the Electron of the end-to-end tests.
    target: 'chrome108',
    cssTarget: 'chrome108',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the page needs before anything is one file: twenty small ones cost a request each.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'frame', tags: ['$initial'] }] } } },
    // The YAML editor, loaded when it is first shown.
    chunkSizeWarningLimit: 3000,
  },
});
