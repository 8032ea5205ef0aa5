import fc from 'fast-check';

/** Which cluster a step happens to. */
interface At {
  c: 0 | 1;
}

/** One thing that the world does. Times in milliseconds. */
export type Step =
  // Churn.
  | (At & { do: 'put' | 'remove'; kind: number; object: number; seed: number })
  | (At & { do: 'burst'; kind: number; count: number })
  | (At & { do: 'empty'; namespace: number })
  | (At & { do: 'bookmark' | 'end' })
  | { do: 'wait'; ms: number }
  /** Everything heals, and all must be equal before it goes on. */
  | { do: 'calm' }
  // The network.
  | (At & { do: 'reset' | 'slice' | 'healNetwork' })
  | (At & { do: 'hole'; flow: boolean; ms: number })
  | (At & { do: 'trickle'; bytesPerSecond: number; ms: number })
  | (At & { do: 'latency'; ms: number })
  // The server.
  | (At & { do: 'expire'; reset: boolean })
  | (At & { do: 'compact' })
  | (At & { do: 'error'; code: 410 | 429 | 500 | 504 })
  | (At & { do: 'refuse'; how: Refusal; times: number; to: 'list' | 'watch' | 'any' })
  | (At & { do: 'tear'; at: number; reset: boolean })
  | (At & { do: 'garble' })
  | (At & { do: 'replay'; reverse: boolean })
  | (At & { do: 'restart'; downMs: number })
  | (At & { do: 'lag'; ms: number })
  | (At & { do: 'freeze'; ms: number })
  | (At & { do: 'forbid' | 'absent' | 'permit'; kind: number })
  | (At & { do: 'rotate' | 'signOut' })
  // The client.
  | { do: 'crash' }
  | { do: 'slowConsumer'; ms: number }
  | { do: 'loseBatch' }
  | { do: 'jump'; ms: number }
  | (At & { do: 'reopen' | 'retry' });

export type Refusal = 'html200' | 'html502' | 'empty200' | '410' | '429' | '429after' | '500' | '503' | '504' | 'hang';

const c = fc.constantFrom(0 as const, 1 as const);
const kind = fc.nat({ max: 4 });
const pause = fc.constantFrom(10, 300, 2_000, 12_000, 45_000);
const jump = fc.constantFrom(-86_400_000, -3_600_000, -20_000, 20_000, 3_600_000, 86_400_000);

function step<T extends Step['do']>(name: T, fields: Record<string, fc.Arbitrary<unknown>> = {}): fc.Arbitrary<Step> {
  return fc.record({ do: fc.constant(name), ...fields }) as unknown as fc.Arbitrary<Step>;
}

const refusals: readonly Refusal[] = [
  'html200',
  'html502',
  'empty200',
  '410',
  '429',
  '429after',
  '500',
  '503',
  '504',
  'hang',
];

const churn = fc.oneof(
  { weight: 6, arbitrary: step('put', { c, kind, object: fc.nat({ max: 5 }), seed: fc.nat({ max: 30 }) }) },
  { weight: 3, arbitrary: step('remove', { c, kind, object: fc.nat({ max: 5 }), seed: fc.constant(0) }) },
  { weight: 1, arbitrary: step('burst', { c, kind, count: fc.integer({ min: 2, max: 40 }) }) },
  { weight: 1, arbitrary: step('empty', { c, namespace: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: step('bookmark', { c }) },
  { weight: 1, arbitrary: step('end', { c }) },
  { weight: 4, arbitrary: step('wait', { ms: pause }) },
);

const faults = fc.oneof(
  step('reset', { c }),
  step('slice', { c }),
  step('healNetwork', { c }),
  step('hole', { c, flow: fc.boolean(), ms: fc.constantFrom(3_000, 15_000, 60_000) }),
  step('trickle', { c, bytesPerSecond: fc.constantFrom(100, 1_000), ms: fc.constantFrom(2_000, 40_000) }),
  step('latency', { c, ms: fc.constantFrom(40, 400, 3_000) }),
  step('expire', { c, reset: fc.boolean() }),
  step('compact', { c }),
  step('error', { c, code: fc.constantFrom(410, 429, 500, 504) }),
  step('refuse', {
    c,
    how: fc.constantFrom(...refusals),
    times: fc.integer({ min: 1, max: 4 }),
    to: fc.constantFrom('list', 'watch', 'any'),
  }),
  step('tear', { c, at: fc.nat({ max: 200 }), reset: fc.boolean() }),
  step('garble', { c }),
  step('replay', { c, reverse: fc.boolean() }),
  step('restart', { c, downMs: fc.constantFrom(0, 2_000, 40_000) }),
  step('lag', { c, ms: fc.constantFrom(0, 500, 8_000) }),
  step('freeze', { c, ms: fc.constantFrom(5_000, 130_000) }),
  step('forbid', { c, kind }),
  step('absent', { c, kind }),
  step('permit', { c, kind }),
  step('rotate', { c }),
  step('signOut', { c }),
  step('crash'),
  step('slowConsumer', { ms: fc.constantFrom(0, 100, 3_000) }),
  step('loseBatch'),
  step('jump', { ms: jump }),
  step('reopen', { c }),
  step('retry', { c }),
  step('calm'),
);

/** A script of churn and faults. */
export const scripts: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 1, arbitrary: churn }, { weight: 1, arbitrary: faults }),
  { minLength: 1, maxLength: 30 },
);
