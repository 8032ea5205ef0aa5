import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Capture, CapturedLine } from '../../src/core/cluster/logs/capture/contract.ts';
import { type Figure, toFigure } from '../figure.ts';
import { type LogStage, startLogStage } from './logWriter.ts';

/** About 78 characters each, as a service writes them; a file of 50 MB on the node. */
const lines = 400_000;
const rounds = 5;
const atLeast = 1.3;

const script = `awk 'BEGIN { for (i = 1; i <= ${lines}; i++) printf "level=info msg=\\"order placed\\" order=%07d customer=c-%d path=/cart/checkout ms=%d\\n", i, i*7%100003, i%997 }'`;

/**
 * operate.logs: how many lines a second are read, kept in DuckDB and searchable, over how many `kubectl logs > /dev/null`
 * reads, of the same container, in turns. Every line is counted and its number checked.
 */
export async function run(): Promise<Figure[]> {
  const stage = await startLogStage('bench-logs');
  try {
    const pod = await written(stage);
    const ratios: number[] = [];
    // Once each before it counts: code is compiled, the file is in memory.
    await read(stage, pod);
    for (let round = 0; round < rounds; round++) {
      const theirs = await kubectl(stage, pod);
      const ours = await read(stage, pod);
      process.stderr.write(`kubectl ${Math.round(theirs)} ms, captured ${Math.round(ours)} ms\n`);
      ratios.push(theirs / ours);
    }
    return [
      toFigure(ratios, {
        id: 'operate.logs',
        unit: 'times',
        against: `kubectl logs > /dev/null of the same ${lines} lines`,
        atLeast,
      }),
    ];
  } finally {
    await stage.close();
  }
}

/**
 * A pod whose log is whole: the kubelet rotates the file of a container that runs, which it looks at every ten seconds, and
 * gives out the newest file alone. So it is written in less, and again when it was just then.
 */
async function written(stage: LogStage): Promise<string> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const pod = `written-${attempt}`;
    stage.start(pod, script);
    stage.run([
      'wait',
      '--for=jsonpath={.status.phase}=Succeeded',
      `pod/${pod}`,
      '-n',
      stage.namespace,
      '--timeout=120s',
    ]);
    const text = stage.run(['logs', pod, '-n', stage.namespace]);
    if (text.split('\n').length === lines + 1) return pod;
  }
  throw new Error('The log was rotated at each attempt');
}

async function kubectl({ kubectl, kubeconfig, namespace }: LogStage, pod: string): Promise<number> {
  const started = performance.now();
  const { status } = spawnSync(kubectl, ['--kubeconfig', kubeconfig, 'logs', pod, '-n', namespace], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`kubectl ended with ${status}`);
  return performance.now() - started;
}

/** Captures the pod's log from its beginning; milliseconds until all of it is committed. */
async function read({ served, cluster, namespace }: LogStage, pod: string): Promise<number> {
  const object = { cluster, kind: 'pods', namespace, name: pod };
  const started = performance.now();
  const { capture } = await served.post<{ capture: string }>('logs/startCapture', { name: pod, objects: [object] });
  for (;;) {
    const { rows } = await served.get<{ rows: Capture[] }>('logs/captures', {});
    const kept = rows.find(({ key }) => key === capture)?.lines ?? 0;
    if (kept >= lines) break;
    if (performance.now() - started > 120_000) throw new Error(`Only ${kept} of ${lines} lines were captured`);
    await sleep(10);
  }
  const took = performance.now() - started;
  await check(served, capture);
  await served.post('logs/removeCapture', { capture });
  return took;
}

/** Every line is there once, in its order, and a search finds it. */
async function check(served: LogStage['served'], capture: string): Promise<void> {
  let next = 1;
  let after: Pick<CapturedLine, 'source' | 'number' | 'at'> | undefined;
  for (;;) {
    const page: { lines: CapturedLine[]; more: boolean } = await served.post('logs/search', {
      captures: [capture],
      order: 'oldest',
      include: { text: 'order=' },
      limit: 20_000,
      ...(after !== undefined && { after }),
    });
    for (const { text } of page.lines) {
      const number = Number(/ order=(\d+)/.exec(text)?.[1]);
      if (number !== next++) throw new Error(`Line ${number} is where ${next - 1} is expected`);
    }
    const last = page.lines.at(-1);
    if (!page.more || last === undefined) break;
    after = { source: last.source, number: last.number, at: last.at };
  }
  if (next - 1 !== lines) throw new Error(`${next - 1} of ${lines} lines are there`);
  const { lines: found } = await served.post<{ lines: CapturedLine[] }>('logs/search', {
    captures: [capture],
    include: { text: `order=${String(lines - 1).padStart(7, '0')}` },
  });
  if (found.length !== 1) throw new Error(`The last line but one was found ${found.length} times`);
}
