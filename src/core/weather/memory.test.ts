import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { scale } from '../simulator/index.ts';
import type { Told } from './testing/memoryChild.ts';

const clusters = 4;
const pods = 25_000;
const limit = 512 * 2 ** 20;

test('F24 an engine that may use 512 MB says so, lets go of caches and keeps all of 100,000 rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubesage-memory-'));
  const fleet = await scale({ clusters, pods, churnPerSecond: 50 });
  let child: ChildProcess | undefined;
  try {
    const kubeconfig = join(folder, 'config');
    writeFileSync(kubeconfig, fleet.kubeconfig, { mode: 0o600 });
    const file = new URL('./testing/memoryChild.ts', import.meta.url).pathname;
    child = spawn(process.execPath, [file, '--kubeconfig', kubeconfig, '--limit', String(limit)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let last: Told | undefined;
    let isShort = false;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      last = JSON.parse(line) as Told;
      isShort ||= last.notices.some(({ key }) => key === 'memory');

      if (last.rows >= clusters * pods && isShort) break;
    }
    // Pods are replaced one for one: between the two there is one less.
    expect(last?.rows).toBeGreaterThan(clusters * pods - 100);
    expect(isShort).toBe(true);
  } finally {
    child?.stdin?.end();
    if (child !== undefined && child.exitCode === null) await once(child, 'exit');
    fleet.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);
