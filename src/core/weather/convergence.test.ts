import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usualFlavour } from './testing/apiServer.ts';
import { play } from './testing/play.ts';
import { regressions } from './testing/regressions.ts';
import { scripts } from './testing/script.ts';

/**
 * The invariant of docs/spec/reflector.md as a model check: the engine's own parts follow two clusters in virtual time
 * (transport, worker, reflectors, batches, tables, views, fleet), a script changes and breaks the world. At every step what
 * is shown is true or marked, and after healing it equals a fresh list.
 */

/** Scripts for each kind of server. KUBESAGE_SCRIPTS asks for more, as a long run does, and for others in every run. */
const asked = process.env.KUBESAGE_SCRIPTS;
const runs = Number(asked ?? 30);
const seed = Number(
  process.env.KUBESAGE_SCRIPTS_SEED ?? (asked === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)),
);

const flavours = {
  'streaming lists': usualFlavour,
  'lists that are sent while they are encoded': { ...usualFlavour, minor: 37 },
  'no streaming lists': { ...usualFlavour, streamingList: 'no' as const },
  'an old etcd': { ...usualFlavour, streamingList: 'broken' as const },
  'JSON alone': { ...usualFlavour, streamingList: 'no' as const, protobuf: false },
  'opaque versions': { ...usualFlavour, opaque: true },
};

describe(`what is shown is true or marked, and true in the end (KUBESAGE_SCRIPTS_SEED=${seed})`, () => {
  test.each(Object.entries(flavours))('with %s', { timeout: 3_600_000 }, async (_, flavour) => {
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(scripts, fc.nat(), async (script, pauses) => {
        const played = await play(script, { flavours: [flavour, usualFlavour], seed: pauses, workers: 1 });
        steps += played.steps;
      }),
      { numRuns: runs, seed },
    );
    expect(steps).toBeGreaterThan(100 * runs);
  });
});

test.each(regressions)('never again: $was', { timeout: 60_000 }, async ({ steps, seed: pauses, flavour }) => {
  const { slowestMs } = await play(steps, {
    flavours: [{ ...usualFlavour, ...flavour }, usualFlavour],
    seed: pauses,
    workers: 1,
  });
  expect(slowestMs).toBeLessThan(420_000);
});
