import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The faults of docs/faults.md that this program survives, each with at least one test. */
export const faults: Readonly<Record<string, string>> = {
  F1: 'Connection reset in a watch, in a list, in a frame',
  F2: 'Half-open connection, black hole, stopped server',
  F3: 'Slow stream, one byte at a time',
  F4: '410 Gone as an answer, in a stream, at a page',
  F5: '429 with and without Retry-After',
  F6: '5xx, a proxy’s HTML, 200 with HTML',
  F7: 'ERROR 500 in a stream that stays open (etcd 3.4)',
  F8: '401: expired token, rotated credentials',
  F9: '403 on a kind, rights in some namespaces only',
  F10: 'Credential plugin hangs, prints junk, fails',
  F11: 'Server certificate expired, of another host',
  F12: 'Clock skew, clocks that are set',
  F13: 'Repeated, reordered, stale events; opaque versions',
  F14: 'Torn or garbled frames, huge objects, null items',
  F15: 'API server restarted, cache cold, kind removed',
  F16: 'All watches lost at once',
  F17: '5,000 events a second, 100,000 deletes',
  F18: 'Kubeconfig replaced, truncated, swapped',
  F19: 'Processes killed at random',
  F20: 'Disk full or read-only',
  F21: 'Database damaged or of a newer version',
  F22: 'Two programs on one data folder',
  F23: 'Snapshot of another schema or cluster',
  F24: 'Memory runs out',
};

interface FaultTest {
  fault: string;
  name: string;
  /** Relative to the repository. */
  file: string;
}

/** Tests whose name begins with a fault's number, read from the sources. */
export function faultTests(root: string): FaultTest[] {
  const found: FaultTest[] = [];
  for (const folder of ['src', 'e2e']) {
    for (const name of readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.(test|spec)\.tsx?$/.test(name)) continue;
      const file = path.join(folder, name);
      const text = readFileSync(path.join(root, file), 'utf8');
      for (const [, , title = ''] of text.matchAll(
        /\b(?:test|it|describe)\b[^'"`\n]*(?:\n\s*)?(['"`])(F\d+(?:\b|,).*?)\1/g,
      )) {
        for (const fault of (/^F\d+(?:(?:, | and )F\d+)*/.exec(title)?.[0] ?? '').match(/F\d+/g) ?? []) {
          found.push({ fault, name: title.replace(/^F\d+(?:(?:, | and )F\d+)*:?\s*/, ''), file });
        }
      }
    }
  }
  return found;
}
