import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeEvent, FakeApi, status } from './testing/fakeApi.ts';
import { watchPods } from './testing/watching.ts';

/** One step of what the world does while somebody watches. */
type Step =
  | { do: 'put'; pod: number }
  | { do: 'remove'; pod: number }
  | { do: 'bookmark' }
  | { do: 'reset' }
  /** Every connection ends properly, as at the end of a watch's time. */
  | { do: 'end' }
  /** The server forgets older versions, with its connections or without. */
  | { do: 'expire'; reset: boolean }
  | { do: 'error'; code: 410 | 429 | 500 }
  /** The next requests are answered with this status. */
  | { do: 'refuse'; code: 401 | 410 | 429 | 500 | 503; times: number }
  /** A part of an event, then silence or a reset; the event itself is in the log. */
  | { do: 'tear'; pod: number; at: number; reset: boolean }
  | { do: 'garbage' }
  | { do: 'wait'; ms: number };

const pod = fc.nat({ max: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), pod }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('remove' as const), pod }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bookmark' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), reset: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('error' as const),
      code: fc.constantFrom(410 as const, 429 as const, 500 as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      code: fc.constantFrom(401 as const, 410 as const, 429 as const, 500 as const, 503 as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('tear' as const), pod, at: fc.nat({ max: 60 }), reset: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('garbage' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(10, 300, 2_000, 12_000) }),
  },
);

interface Server {
  streamingList: boolean;
  protobuf: boolean;
}

async function converges(steps: readonly Step[], server: Server): Promise<void> {
  const api = new FakeApi();
  Object.assign(api, server);
  api.put('pod-0');
  let refusals: number[] = [];
  api.intercept = (request, reply) => {
    const code = request.kind === 'other' ? undefined : refusals.shift();
    if (code === undefined) return false;
    reply.status(code, code === 410 ? 'Expired' : 'X', 'no', code === 429 ? { 'Retry-After': '1' } : {});
    return true;
  };
  await api.listen();
  const watching = watchPods(api.url);
  try {
    for (const move of steps) {
      const turn = () => watching.clock.advance(10).then(() => new Promise((resolve) => setTimeout(resolve, 1)));
      switch (move.do) {
        case 'put':
          api.put(`pod-${move.pod}`);
          break;
        case 'remove':
          if (api.pods.has(`default/pod-${move.pod}`)) api.remove(`pod-${move.pod}`);
          break;
        case 'bookmark':
          api.bookmark();
          break;
        case 'reset':
          api.resetAll();
          break;
        case 'end':
          for (const watch of api.watches) watch.end();
          api.watches.clear();
          break;
        case 'expire':
          api.version += 3;
          api.oldest = api.version;
          if (move.reset) api.resetAll();
          break;
        case 'error':
          for (const watch of api.watches)
            watch.event('ERROR', status(move.code, move.code === 410 ? 'Expired' : 'X', 'x'));
          api.watches.clear();
          break;
        case 'refuse':
          refusals = Array.from({ length: move.times }, () => move.code);
          break;
        case 'tear': {
          const open = [...api.watches];
          api.watches.clear();
          const torn = api.put(`pod-${move.pod}`);
          for (const watch of open) {
            const event = encodeEvent('MODIFIED', torn, watch.protobuf);
            watch.bytes(event.subarray(0, Math.min(move.at, event.length - 1)));
            if (move.reset) watch.reset();
            else watch.end();
          }
          break;
        }
        case 'garbage':
          for (const watch of api.watches) watch.bytes(Buffer.from('\0\0\0\u0005#####\n'));
          api.watches.clear();
          break;
        case 'wait': {
          const end = watching.clock.now() + move.ms;
          await watching.until(() => watching.clock.now() >= end, 'time passes');
        }
      }
      await turn();
    }
    refusals = [];
    // The world is quiet from here on.
    await watching.until(
      () => watching.state()?.state === 'live' && JSON.stringify(watching.rows()) === JSON.stringify(api.expected()),
      'the rows equal the server',
    );
    // And nothing that was under way undoes it.
    await watching.clock.advance(50);
    await new Promise((resolve) => setTimeout(resolve, 2));
    expect(watching.rows()).toEqual(api.expected());
  } finally {
    watching.dispose();
    await api.kill();
  }
}

/** Scripts for each kind of server; KUBESAGE_SCRIPTS asks for more, as a long run does. */
const runs = Number(process.env.KUBESAGE_SCRIPTS ?? 40);

test.each<Server>([
  { streamingList: true, protobuf: true },
  { streamingList: false, protobuf: true },
  { streamingList: false, protobuf: false },
])('converges after any script of churn and faults: %j', { timeout: 600_000 }, async (server) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => converges(steps, server)),
    { numRuns: runs },
  );
});
