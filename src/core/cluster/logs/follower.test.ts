import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { createTables } from '../../kube/columns/tables.ts';
import type { StreamRequest } from '../../kube/transport/index.ts';
import type { ClusterStreams } from '../fleet/openClusters.ts';
import { FakeFleet } from '../resources/fakeFleet.ts';
import { Follower } from './follower.ts';
import type { Container, LogDeps, Pod } from './model.ts';

interface Written {
  /** Milliseconds. */
  at: number;
  text: string;
}

/** A kubelet with one container: it writes on while it is read, breaks off where the script says, and crashes. */
class FakeKubelet implements ClusterStreams {
  /** Lines of each run so far. */
  readonly runs: Written[][] = [[]];
  readonly asked: string[] = [];
  gone = false;
  ended = false;
  /** What happens at each read that follows: lines more, and whether it breaks in the middle of the last one. */
  script: { more: number; breaks: boolean; crashes: boolean }[] = [];
  #at = Date.UTC(2026, 0, 1);

  write(count: number): void {
    for (let index = 0; index < count; index++) {
      this.#at += index % 3 === 0 ? 0 : 130;
      const run = this.runs[this.runs.length - 1] as Written[];
      run.push({ at: this.#at, text: `run ${this.runs.length} line ${run.length % 4}` });
    }
  }

  async stream(_cluster: string, { path, onData, onHead }: StreamRequest): Promise<void> {
    this.asked.push(path);
    const parameters = new URL(path, 'http://x').searchParams;
    const follow = parameters.get('follow') === 'true';
    const previous = parameters.get('previous') === 'true';
    const step = follow ? this.script.shift() : undefined;
    if (step !== undefined) this.write(step.more);
    const run = this.runs[this.runs.length - (previous ? 2 : 1)];
    if (run === undefined) throw new KubeSageError('invalid', 'previous terminated container not found');
    const since = Date.parse(parameters.get('sinceTime') ?? '1970-01-01T00:00:00Z');
    const tail = Number(parameters.get('tailLines') ?? Number.POSITIVE_INFINITY);
    const lines = run.filter(({ at }) => at >= since).slice(-tail);
    let text = lines.map((line) => `${new Date(line.at).toISOString()} ${line.text}\n`).join('');
    if (step?.breaks === true) text = text.slice(0, -3);
    onHead?.({ status: 200, headers: {} } as never);
    const bytes = new TextEncoder().encode(text);
    onData(bytes, 0, bytes.length);
    if (step?.crashes === true) this.runs.push([]);
    if (step?.breaks === true) throw new KubeSageError('unreachable', 'The connection broke');
    if (follow && step === undefined) this.ended = true;
  }

  upgrade(): Promise<never> {
    throw new Error('Not here');
  }

  pod(): Pod | undefined {
    if (this.gone) return undefined;
    const container: Container = {
      name: 'main',
      type: 'main',
      restarts: this.runs.length - 1,
      state: this.ended ? 'terminated' : 'running',
      ran: true,
      reason: this.ended ? 'Completed, exit code 0' : '',
      final: this.ended,
    };
    return { uid: 'u', node: 'n', containers: [container], defaultContainer: undefined };
  }
}

function follow(kubelet: FakeKubelet, more: Partial<ConstructorParameters<typeof Follower>[0]> = {}) {
  const clock = new FakeClock();
  const fleet = Object.assign(new FakeFleet(), {
    stream: kubelet.stream.bind(kubelet),
    upgrade: kubelet.upgrade.bind(kubelet),
  });
  const deps: LogDeps = { fleet, tables: createTables(), clock };
  const lines: string[] = [];
  const notes: string[] = [];
  const states: string[] = [];
  const abort = new AbortController();
  const follower = new Follower({
    deps,
    pod: { cluster: 'c', namespace: 'n', name: 'p', uid: 'u' },
    container: 'main',
    query: { previous: false, sinceSeconds: undefined, tailLines: undefined },
    follow: true,
    readPod: async () => kubelet.pod(),
    changed: async () => undefined,
    sink: {
      line: (at, text) => void lines.push(`${at} ${text}`),
      note: (_at, text) => void notes.push(text),
      state: (state, reason) => void states.push(reason === undefined || reason === '' ? state : `${state}: ${reason}`),
      restarts: () => undefined,
      behind: () => undefined,
    },
    signal: abort.signal,
    ...more,
  });
  return { clock, follower, lines, notes, states, abort };
}

async function finish({ clock, follower }: ReturnType<typeof follow>): Promise<void> {
  let over = false;
  const run = follower.run().then(() => {
    over = true;
  });
  for (let turn = 0; turn < 500 && !over; turn++) await clock.advance(1000);
  await run;
}

const all = ({ runs }: FakeKubelet) => runs.flat().map(({ at, text }) => `${at} ${text}`);

describe('a container over its runs', () => {
  test('through broken streams and restarts each line comes once, in order', async () => {
    const step = fc.record({ more: fc.nat(12), breaks: fc.boolean(), crashes: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (script) => {
        const kubelet = new FakeKubelet();
        kubelet.write(3);
        kubelet.script = script;
        const following = follow(kubelet);
        await finish(following);
        expect(following.lines).toEqual(all(kubelet));
        expect(following.states.at(-1)).toBe('ended: Completed, exit code 0');
      }),
      { numRuns: 100 },
    );
  });

  test('a stream that broke is asked for from the second of its last line on', async () => {
    const kubelet = new FakeKubelet();
    kubelet.write(5);
    kubelet.script = [{ more: 0, breaks: true, crashes: false }];
    const following = follow(kubelet);
    await finish(following);
    expect(kubelet.asked).toEqual([
      '/api/v1/namespaces/n/pods/p/log?container=main&timestamps=true&follow=true',
      '/api/v1/namespaces/n/pods/p/log?container=main&timestamps=true&follow=true&sinceTime=2026-01-01T00%3A00%3A00Z',
    ]);
    expect(following.states).toContain('reconnecting: The connection broke');
  });

  test('runs that nobody saw are said to be lost', async () => {
    const kubelet = new FakeKubelet();
    kubelet.write(2);
    kubelet.script = [{ more: 1, breaks: true, crashes: false }];
    const following = follow(kubelet, {
      readPod: async () => {
        if (kubelet.asked.length === 1 && kubelet.runs.length === 1) kubelet.runs.push([], [], []);
        return kubelet.pod();
      },
    });
    await finish(following);
    expect(following.notes).toEqual([
      'The container was restarted 2 more times; what those runs wrote is not kept',
      'Restarted for the 3rd time',
    ]);
  });

  test('the pod goes while the connection is broken: its last lines may be missing', async () => {
    const kubelet = new FakeKubelet();
    kubelet.write(2);
    kubelet.script = [{ more: 0, breaks: true, crashes: false }];
    const following = follow(kubelet, {
      readPod: async () => {
        kubelet.gone = kubelet.asked.length > 0;
        return kubelet.pod();
      },
    });
    await finish(following);
    expect(following.notes).toEqual([
      'The pod is gone; its last lines may be missing, since the connection had broken',
    ]);
    expect(following.states.at(-1)).toBe('gone');
  });

  test('what may not be read says which rule is missing', async () => {
    const rules: (string | undefined)[] = [];
    const kubelet = new FakeKubelet();
    kubelet.stream = async () => {
      throw new KubeSageError('forbidden', 'jane may not get pods/log');
    };
    const following = follow(kubelet, {
      sink: {
        line: () => undefined,
        note: () => undefined,
        state: (_state, _reason, rule) => void rules.push(rule),
        restarts: () => undefined,
        behind: () => undefined,
      },
    });
    await finish(following);
    expect(rules).toEqual([expect.stringContaining('pods/log')]);
  });

  test('the previous run alone, and that there is none', async () => {
    const kubelet = new FakeKubelet();
    kubelet.write(2);
    const query = { previous: true, sinceSeconds: undefined, tailLines: 1 };
    const none = follow(kubelet, { query, follow: false });
    await finish(none);
    expect(none.states.at(-1)).toMatch(/^ended: It was not restarted/);
    kubelet.runs.push([]);
    const before = follow(kubelet, { query, follow: false });
    await finish(before);
    expect(before.lines).toEqual(all(kubelet).slice(-1));
  });
});
