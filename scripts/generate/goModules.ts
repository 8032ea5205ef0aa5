import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The release of the Kubernetes API that the generated files describe. */
export const apiVersion = 'v0.37.2';

const modules = ['api', 'apimachinery', 'apiextensions-apiserver', 'kube-aggregator'];

/** Folders of the published Kubernetes modules, downloaded into Go's module cache where they are missing. */
export function moduleFolders(): { module: string; folder: string }[] {
  return modules.map((name) => {
    const module = `k8s.io/${name}`;
    const go = spawnSync('go', ['mod', 'download', '-json', `${module}@${apiVersion}`], { encoding: 'utf8' });
    if (go.error !== undefined) {
      throw new Error(
        `The Kubernetes API is read from its Go modules, and Go could not be started (${go.error.message}). ` +
          'Install Go 1.22 or later (https://go.dev/dl) and run this again; the generated files are committed, so that only ' +
          'a change of kinds, columns or Kubernetes release needs it.',
      );
    }
    if (go.status !== 0) throw new Error(`go mod download ${module}@${apiVersion} failed: ${go.stdout}${go.stderr}`);
    const { Dir: folder } = JSON.parse(go.stdout) as { Dir: string };
    return { module, folder };
  });
}

export interface ApiFolder {
  /** `k8s.io/api/apps/v1` */
  path: string;
  proto: string;
  /** The hand-written Go files beside it, one after the other. */
  go: string;
}

/** Every folder with a generated.proto. */
export function apiFolders(): ApiFolder[] {
  const found: ApiFolder[] = [];
  const visit = (folder: string, path: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.some((entry) => entry.name === 'generated.proto')) {
      const go = entries
        .filter(({ name }) => name.endsWith('.go') && !/^zz_generated|^generated|_test\.go$/.test(name))
        .map(({ name }) => readFileSync(join(folder, name), 'utf8'));
      found.push({ path, proto: readFileSync(join(folder, 'generated.proto'), 'utf8'), go: go.join('\n') });
    }
    for (const entry of entries) {
      if (entry.isDirectory() && !/^(testdata|testapigroup|vendor|test)$/.test(entry.name)) {
        visit(join(folder, entry.name), `${path}/${entry.name}`);
      }
    }
  };
  for (const { module, folder } of moduleFolders()) visit(folder, module);
  return found;
}
