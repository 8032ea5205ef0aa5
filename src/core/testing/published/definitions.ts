import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Definitions of custom resources as their project publishes them, a text each, for `kubectl apply --server-side`.
 * @param name of a file beside this one, without `.yaml.gz`
 */
export function readDefinitions(name: 'argo-cd-crds' | 'flux-crds'): string[] {
  const text = gunzipSync(readFileSync(path.join(import.meta.dirname, `${name}.yaml.gz`))).toString('utf8');
  return text.split(/^---\n/m).filter((document) => document.trim() !== '');
}
