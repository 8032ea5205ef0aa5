import { describe, expect, test } from 'vitest';
import { KubeSageError } from '../../kernel/errors.ts';
import { MalformedMessage } from '../projectors/protobuf.ts';
import { ApiFailure, codeOfStatus } from '../transport/failures.ts';
import { type Decision, decide, type Situation } from './decide.ts';

const listing: Situation = {
  phase: 'listing',
  mode: { streaming: true, encoding: 'protobuf', numerous: true },
  inStream: false,
  paging: false,
  inRow: 1,
};
const watching: Situation = { ...listing, phase: 'watching' };

function answer(status: number, message = 'x', retryAfterMs?: number): ApiFailure {
  return new ApiFailure(codeOfStatus(status), message, { status, retryAfterMs });
}

const cases: [string, KubeSageError, Situation, Partial<Decision>][] = [
  ['R23 a lost connection', new KubeSageError('unreachable', 'x'), watching, { version: 'keep', wait: 'backoff' }],
  ['R22 410', answer(410), watching, { version: 'quorum', wait: 'none' }],
  ['R22 410 again', answer(410), { ...watching, inRow: 2 }, { version: 'quorum', wait: 'backoff' }],
  ['R22 410 at a page', answer(410), { ...listing, paging: true }, { version: 'quorum', unpaged: true }],
  ['R25 429', answer(429, 'x', 9_000), watching, { version: 'keep', atLeastMs: 9_000 }],
  ['R25 429 that says nothing', answer(429), watching, { version: 'keep', atLeastMs: 1_000 }],
  ['R26 401', answer(401), watching, { version: 'keep', atLeastMs: 15_000, state: 'stale' }],
  ['R27 403', answer(403, 'pods is forbidden'), listing, { state: 'forbidden', wait: 'long' }],
  [
    'R2 403 of the streaming list',
    answer(403, 'sendInitialEvents is forbidden'),
    listing,
    { lacks: 'streaming', wait: 'none' },
  ],
  ['R2 422', answer(422), listing, { lacks: 'streaming', wait: 'none', version: 'any' }],
  ['R2 ERROR 500 in the stream', answer(500), { ...listing, inStream: true }, { lacks: 'streaming', wait: 'none' }],
  ['R2 500 as an answer, first', answer(500), listing, { lacks: undefined, wait: 'backoff' }],
  ['R2 500 as an answer, third', answer(500), { ...listing, inRow: 3 }, { lacks: 'streaming' }],
  ['R3 406', answer(406), listing, { lacks: 'protobuf', wait: 'none' }],
  ['R30 404', answer(404), listing, { state: 'absent', wait: 'long' }],
  ['R23 503', answer(503), watching, { version: 'keep', wait: 'backoff' }],
  ['R23 503 with Retry-After', answer(503, 'x', 2_000), watching, { version: 'keep', atLeastMs: 2_000 }],
  ['R23 third ERROR in a row', answer(500), { ...watching, inStream: true, inRow: 3 }, { version: 'quorum' }],
  ['R24 torn', new MalformedMessage('x'), watching, { version: 'quorum', torn: true, lacks: undefined }],
  ['R24 torn twice', new MalformedMessage('x'), { ...watching, inRow: 2 }, { version: 'quorum', lacks: 'protobuf' }],
];

describe('decide', () => {
  test.each(cases)('%s', (_, failure, situation, expected) => {
    expect(decide(failure, situation)).toMatchObject(expected);
  });

  test('R20 nothing gives up: every status leads to another attempt', () => {
    for (let status = 400; status < 600; status++) {
      for (const situation of [listing, watching]) {
        const { wait, lacks, version } = decide(answer(status), situation);
        // At once only with something that is different the next time.
        if (wait === 'none') expect(lacks !== undefined || version !== 'keep').toBe(true);
      }
    }
  });
});
