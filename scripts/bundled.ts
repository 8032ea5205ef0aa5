import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Notes which packages a build took something from, by their place in the lock file, in `out/bundled/BUILD.json`: those of
 * the modules of what it wrote, of its style sheets and of the files that came along. The bill of materials is made from it.
 */
export function noteBundled(build: string): Plugin {
  return {
    name: 'kubesage-bundled',
    apply: 'build',
    generateBundle(options, bundle) {
      const files = Object.values(bundle).flatMap((part) =>
        part.type === 'chunk' ? part.moduleIds : part.originalFileNames,
      );
      const styles = [...this.getModuleIds()].filter((file) => /\.css(\?|$)/.test(file));
      const packages = new Set([...files, ...styles].map(packageOf).filter((each) => each !== undefined));
      const folder = join(options.dir ?? 'out', '..', 'bundled');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${build}.json`), `${JSON.stringify([...packages].sort(), null, 2)}\n`);
    },
  };
}

/** `node_modules/a/node_modules/@b/c` for a file of that package; undefined for the product's own. */
function packageOf(file: string): string | undefined {
  const path = file.replaceAll('\\', '/');
  return /(?:^|\/)(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)(?=\/)/.exec(path)?.[1];
}
