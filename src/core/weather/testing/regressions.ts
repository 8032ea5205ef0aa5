import type { Flavour } from './apiServer.ts';
import type { Step } from './script.ts';

/** A script that once ended in something untrue, as small as it could be made. */
export interface Regression {
  /** What was wrong. */
  was: string;
  steps: readonly Step[];
  /** Of the pauses. */
  seed: number;
  flavour?: Partial<Flavour>;
}

export const regressions: readonly Regression[] = [
  {
    was: 'rows of a kind that was answered with 404 for a while never came back when they had not changed',
    steps: [
      { do: 'put', c: 0, kind: 0, object: 0, seed: 0 },
      { do: 'restart', c: 0, downMs: 0 },
      { do: 'wait', ms: 2_000 },
      { do: 'absent', c: 0, kind: 0 },
      { do: 'wait', ms: 12_000 },
      { do: 'put', c: 0, kind: 0, object: 1, seed: 0 },
    ],
    seed: 0,
  },
  {
    was: 'a clock that was set back by a day kept the gate closed for that day',
    steps: [
      { do: 'wait', ms: 10 },
      { do: 'restart', c: 0, downMs: 0 },
      { do: 'jump', ms: -86_400_000 },
    ],
    seed: 0,
  },
  {
    was: 'a server that fell silent after a clock was set back by a day was called live',
    steps: [
      { do: 'wait', ms: 12_000 },
      { do: 'jump', ms: -86_400_000 },
      { do: 'hole', c: 0, flow: false, ms: 60_000 },
      { do: 'put', c: 0, kind: 0, object: 1, seed: 1 },
      { do: 'wait', ms: 45_000 },
    ],
    seed: 0,
  },
  {
    was: 'a kind was called live while one of its namespaces was thought not to have it',
    steps: [
      { do: 'put', c: 0, kind: 0, object: 0, seed: 0 },
      { do: 'absent', c: 0, kind: 0 },
      { do: 'absent', c: 1, kind: 0 },
    ],
    seed: 0,
  },
  {
    was: 'a refusal of a moment limited a kind to some namespaces until the user asked for all again',
    steps: [
      { do: 'wait', ms: 45_000 },
      { do: 'compact', c: 1 },
      { do: 'slowConsumer', ms: 100 },
      { do: 'forbid', c: 0, kind: 3 },
    ],
    seed: 1_263_183_961,
    flavour: { streamingList: 'broken' },
  },
  {
    was: 'versions that are no numbers: a kind that was opened again was shown events anew that it had shown',
    steps: [
      { do: 'wait', ms: 10 },
      { do: 'burst', c: 0, kind: 0, count: 2 },
      { do: 'burst', c: 0, kind: 0, count: 2 },
      { do: 'put', c: 0, kind: 0, object: 0, seed: 0 },
      { do: 'reopen', c: 0 },
    ],
    seed: 0,
    flavour: { opaque: true },
  },
  {
    was: 'rows were called live for half a minute while nobody answered the watch that they wait for',
    steps: [
      { do: 'freeze', c: 0, ms: 5_000 },
      { do: 'remove', c: 0, kind: 0, object: 0, seed: 0 },
      { do: 'bookmark', c: 0 },
      { do: 'refuse', c: 0, how: 'hang', times: 1, to: 'watch' },
      { do: 'put', c: 0, kind: 2, object: 0, seed: 0 },
      { do: 'absent', c: 0, kind: 2 },
      { do: 'calm' },
    ],
    seed: 0,
  },
];
