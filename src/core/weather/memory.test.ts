import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
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
  let isShort = false;
  await watch(
    (command) => [...command, '--limit', String(limit)],
    ({ notices, rows }) => {
      isShort ||= notices.some(({ key }) => key === 'memory');
      return rows >= clusters * pods && isShort;
    },
  );
}, 300_000);

// The system ends a process that wants more; the engine finds the limit by itself, and V8 sizes its heap by it.
const group = createGroup();
if (group === undefined)
  process.stderr.write('No control group can be made here: F24 is not tried under an enforced limit\n');
else {
  test('F24 an engine whose control group has 512 MB lives in it with 100,000 rows', async () => {
    let complete = 0;
    try {
      await watch(
        (command) => ['sh', '-c', 'echo $$ > "$0" && exec "$@"', join(group, 'cgroup.procs'), ...command],
        // Churn goes on behind the list.
        ({ rows }) => rows >= clusters * pods - 100 && ++complete === 20,
      );
    } finally {
      rmdirSync(group);
    }
  }, 300_000);
}

/** Starts an engine on 100,000 pods and listens until it has told enough; fails when it ends before. */
async function watch(commandOf: (command: string[]) => string[], isEnough: (told: Told) => boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'kubesage-memory-'));
  const fleet = await scale({ clusters, pods, churnPerSecond: 50 });
  let child: ChildProcess | undefined;
  try {
    const kubeconfig = join(folder, 'config');
    writeFileSync(kubeconfig, fleet.kubeconfig, { mode: 0o600 });
    const file = new URL('./testing/memoryChild.ts', import.meta.url).pathname;
    const [program = '', ...args] = commandOf([process.execPath, file, '--kubeconfig', kubeconfig]);
    child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let last: Told | undefined;
    let isDone = false;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      last = JSON.parse(line) as Told;
      isDone = isEnough(last);
      if (isDone) break;
    }
    expect({ isDone, ended: child.exitCode ?? child.signalCode }).toEqual({ isDone: true, ended: null });
    // Pods are replaced one for one: between the two there is one less.
    expect(last?.rows).toBeGreaterThan(clusters * pods - 100);
  } finally {
    child?.stdin?.end();
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    fleet.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A control group whose processes may use `limit` bytes, or undefined where none can be made. */
function createGroup(): string | undefined {
  const name = `kubesage-${process.pid}`;
  for (const [root, file] of [
    ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes'],
    ['/sys/fs/cgroup', 'memory.max'],
  ] as const) {
    const folder = join(root, name);
    try {
      mkdirSync(folder);
      if (existsSync(join(folder, file))) {
        writeFileSync(join(folder, file), String(limit));
        if (Number(readFileSync(join(folder, file), 'utf8')) === limit) return folder;
      }
      rmdirSync(folder);
    } catch {
      // Not this kind of control group, or not for this user.
    }
  }
  return undefined;
}
