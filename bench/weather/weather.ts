import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { usualFlavour } from '../../src/core/weather/testing/apiServer.ts';
import { faults, faultTests } from '../../src/core/weather/testing/faultTests.ts';
import type { Figure } from '../figure.ts';
import { type Scene, scenes } from './scenes.ts';
import { WeatherServer } from './server.ts';
import { informer, kubectl, ours, type Side } from './sides.ts';

/** How long a client has to show the truth again after the fault, milliseconds. */
const limitMs = 30_000;
/** Rows may be under way for so long without anybody's fault. */
const onTheWayMs = 2_000;
const scenesAtOnce = 4;

interface Outcome {
  side: string;
  /** Milliseconds after the fault ended; undefined when it never was right again. */
  recoveredMs: number | undefined;
  /** Rows of the server that were not shown in the end, or in an older version. */
  lost: number;
  /** Rows that were shown in the end and are gone, or older ones. */
  stale: number;
  /** How long it showed something else than the truth without saying so. */
  unmarkedMs: number;
}

/**
 * scale.weather.*: the faults of docs/faults.md over this program, client-node's informer and `kubectl get -w`, all three
 * on the same server over real sockets. Writes docs/faults.md. KUBESAGE_KUBE names the tool that has a kubectl.
 */
export async function run(): Promise<Figure[]> {
  const tool = process.env.KUBESAGE_KUBE;
  if (tool === undefined || tool === '') throw new Error('Set KUBESAGE_KUBE to the tool that starts test clusters');
  const assets = execFileSync(tool, ['assets'], { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  const command = path.join(assets, 'kubectl');
  const results: { scene: Scene; outcomes: Outcome[] }[] = [];
  const waiting = [...scenes];
  await Promise.all(
    Array.from({ length: scenesAtOnce }, async () => {
      for (let scene = waiting.shift(); scene !== undefined; scene = waiting.shift()) {
        results.push({ scene, outcomes: await perform(scene, command) });
      }
    }),
  );
  results.sort((a, b) => scenes.indexOf(a.scene) - scenes.indexOf(b.scene));
  const root = path.join(import.meta.dirname, '../..');
  writeFileSync(path.join(root, 'docs/faults.md'), page(root, results));
  const tests = faultTests(root);
  const untested = Object.keys(faults).filter((fault) => !tests.some((test) => test.fault === fault));
  return [...figuresOf(results), tested(untested)];
}

async function perform(scene: Scene, command: string): Promise<Outcome[]> {
  const server = new WeatherServer(scene.flavour ?? usualFlavour);
  for (let n = 0; n < 5; n++) server.put(`web-${n}`, n);
  await server.listen();
  const sides = [ours(server.url), informer(server.url), kubectl(server.url, command)];
  const wrongSince = new Map<Side, number>();
  const unmarked = new Map<Side, number>(sides.map((side) => [side, 0]));
  let recovered = new Map<Side, number>();
  try {
    for (let waited = 0; sides.some((side) => !isRight(side, server)); waited += 100) {
      const late = sides.filter((side) => !isRight(side, server)).map(({ name }) => name);
      if (waited > 20_000) throw new Error(`${scene.fault} ${scene.what}: never began with ${late.join(', ')}`);
      await sleep(100);
    }
    let ended: number | undefined;
    const playing = scene.play(server).then(() => {
      ended = performance.now();
    });
    let last = performance.now();
    while (ended === undefined || performance.now() - ended < limitMs) {
      await sleep(50);
      const now = performance.now();
      for (const side of sides) {
        if (isRight(side, server)) {
          wrongSince.delete(side);
          if (!recovered.has(side)) recovered.set(side, now);
          continue;
        }
        recovered.delete(side);
        const since = wrongSince.get(side) ?? last;
        wrongSince.set(side, since);
        if (!side.isMarked() && now - since > onTheWayMs) {
          unmarked.set(side, (unmarked.get(side) ?? 0) + (now - Math.max(last, since + onTheWayMs)));
        }
      }
      last = now;
      if (ended !== undefined && recovered.size === sides.length && now - ended > 3_000) break;
    }
    await playing;
    const endedAt = ended ?? last;
    const truth = server.rows();
    return sides.map((side) => {
      const shown = side.rows();
      const at = recovered.get(side);
      return {
        side: side.name,
        recoveredMs: at === undefined ? undefined : Math.max(0, at - endedAt),
        lost: truth.filter((row) => !shown.includes(row)).length,
        stale: shown.filter((row) => !truth.includes(row)).length,
        unmarkedMs: unmarked.get(side) ?? 0,
      };
    });
  } finally {
    recovered = new Map();
    for (const side of sides) side.stop();
    await server.stop();
  }
}

function isRight(side: Side, server: WeatherServer): boolean {
  return JSON.stringify(side.rows()) === JSON.stringify(server.rows());
}

function page(root: string, results: readonly { scene: Scene; outcomes: Outcome[] }[]): string {
  const tests = faultTests(root);
  const rows = Object.entries(faults).map(([fault, what]) => {
    const list = tests.filter((test) => test.fault === fault);
    const shown = list.map(({ name, file }) => `${plain(name)} (\`${file}\`)`).join('<br>');
    return `| ${fault} | ${what} | ${shown === '' ? '**none**' : shown} |`;
  });
  const names = results[0]?.outcomes.map(({ side }) => side) ?? [];
  const compared = results.map(({ scene, outcomes }) => {
    const cells = outcomes.map(cell);
    return `| ${scene.fault} | ${scene.what} | ${cells.join(' | ')} |`;
  });
  return `# Faults
Written by \`npm run bench -- scale.weather\`; do not edit.

## The same faults over three clients
All three watch the pods of one server over real sockets; the server changes while the fault lasts. A client is right again when its
rows equal the server's, names and versions; it has ${limitMs / 1000} s. "Unmarked" is how long it showed something else than the truth, beyond
${onTheWayMs / 1000} s, without saying so: KubeSage by the state of its scope, the informer by its error event (and it is started again after five
seconds, as its documentation shows), kubectl by ending or by its error output.
A kind that was refused with 403 is called forbidden, and asked again after five minutes or when the user asks (R27).

| | fault | ${names.join(' | ')} |
|---|---|${names.map(() => '---|').join('')}
${compared.join('\n')}

Any script of such faults is played against the engine in virtual time by \`src/core/weather/convergence.test.ts\`.

## Tests by fault
| | fault | tests |
|---|---|---|
${rows.join('\n')}
`;
}

function cell({ recoveredMs, lost, stale, unmarkedMs }: Outcome): string {
  const right = recoveredMs === undefined ? `**never**; ${lost} lost, ${stale} stale` : `${seconds(recoveredMs)} s`;
  return unmarkedMs < 100 ? right : `${right}; unmarked ${seconds(unmarkedMs)} s`;
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);
const plain = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** A fault without a test fails the command. */
function tested(untested: readonly string[]): Figure {
  const n = Object.keys(faults).length;
  const value = n - untested.length;
  const against = untested.length === 0 ? 'all have one' : `none: ${untested.join(', ')}`;
  const id = 'scale.weather.tested';
  return {
    id,
    value,
    unit: 'faults with a test',
    against,
    goal: `>= ${n}`,
    holds: value === n,
    n,
    spread: [value, value],
  };
}

function figuresOf(results: readonly { outcomes: Outcome[] }[]): Figure[] {
  const of = (name: string) => results.map(({ outcomes }) => outcomes.find(({ side }) => side === name) as Outcome);
  const [mine, theirs, kubectls] = [of('KubeSage'), of('client-node informer'), of('kubectl get -w')];
  const recovered = (outcomes: readonly Outcome[]) => outcomes.filter((it) => it.recoveredMs !== undefined).length;
  const unmarked = (outcomes: readonly Outcome[]) => outcomes.reduce((sum, it) => sum + it.unmarkedMs, 0) / 1000;
  const n = results.length;
  const figure = (
    id: string,
    value: number,
    unit: string,
    against: string,
    isMost: boolean,
    bound: number,
  ): Figure => ({
    id,
    value: Number(value.toFixed(1)),
    unit,
    against,
    goal: `${isMost ? '<=' : '>='} ${bound}`,
    holds: isMost ? value <= bound : value >= bound,
    n,
    spread: [Number(value.toFixed(1)), Number(value.toFixed(1))],
  });
  const others = `informer ${recovered(theirs)}, kubectl ${recovered(kubectls)} of ${n}`;
  const otherSeconds = `informer ${unmarked(theirs).toFixed(1)} s, kubectl ${unmarked(kubectls).toFixed(1)} s`;
  // A kind that was refused with 403 is asked again after five minutes or by the user: marked, not recovered.
  return [
    figure('scale.weather.recovered', recovered(mine), 'faults', others, false, n - 1),
    figure('scale.weather.unmarked', unmarked(mine), 'seconds wrong and unmarked', otherSeconds, true, 10),
  ];
}
