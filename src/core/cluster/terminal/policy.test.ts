import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Upgraded } from '../../kube/transport/index.ts';
import { createAudit } from '../../platform/audit/index.ts';
import { createRecordings, type Recordings } from '../../platform/recordings/index.ts';
import type { TerminalDown } from './contract.ts';
import type { TerminalDeps } from './places.ts';
import { Sessions } from './sessions.ts';
import { TerminalSession } from './terminal.ts';

describe('terminals without a cluster', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubesage-policy-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const user = { id: 'local', name: 'Local user' };

  async function setUp(options: { guarded?: boolean; recordings?: Recordings } = {}) {
    const clock = new FakeClock();
    const sockets: (Upgraded & { disposed: boolean })[] = [];
    const cluster = { id: 'prod', name: 'prod', protected: options.guarded ?? false };
    const pod = { metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [{ name: 'main' }] } };
    const deps: TerminalDeps = {
      fleet: {
        byId: () => cluster,
        request: async () => ({ status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(pod)) }),
        async upgrade() {
          const socket = {
            protocol: 'v5.channel.k8s.io',
            waitingBytes: 0,
            onMessage: () => undefined,
            onClose: () => undefined,
            send: () => undefined,
            pause: () => undefined,
            resume: () => undefined,
            disposed: false,
            dispose() {
              socket.disposed = true;
            },
          };
          sockets.push(socket);
          return socket;
        },
      } as unknown as TerminalDeps['fleet'],
      changes: {} as TerminalDeps['changes'],
      audit: await createAudit({ folder: undefined, clock }),
      recordings: options.recordings ?? createRecordings({ folder, clock }),
      localShells: undefined,
      agreeToLocal: () => Promise.resolve(),
      clock,
      removals: new Set(),
    };
    const object = { cluster: 'prod', kind: 'pods', namespace: 'shop', name: 'web' };
    const session = new TerminalSession(
      deps,
      { target: { mode: 'exec', object, tty: true }, size: { columns: 80, rows: 24 } },
      user,
    );
    const heard: TerminalDown[] = [];
    const start = () => session.start((message) => heard.push(message));
    const state = () => heard.findLast((each) => each.type === 'state');
    return { clock, deps, session, sockets, start, state, heard };
  }

  test('what must be recorded and cannot be is not opened', async () => {
    const { start, state, sockets } = await setUp({
      guarded: true,
      recordings: createRecordings({ folder: undefined, clock: new FakeClock() }),
    });
    start();
    await vi.waitFor(() =>
      expect(state()).toMatchObject({ state: 'failed', message: expect.stringContaining('recorded') }),
    );
    expect(sockets).toEqual([]);
  });

  test('what must be recorded and cannot be any longer ends, and what need not goes on', async () => {
    for (const guarded of [true, false]) {
      let fail = (_error: KubeSageError): void => undefined;
      const recordings: Recordings = {
        ...createRecordings({ folder, clock: new FakeClock() }),
        async start(recorded, failed) {
          fail = failed;
          return createRecordings({ folder, clock: new FakeClock() }).start(recorded, failed);
        },
      };
      const { start, state, sockets, session } = await setUp({ guarded, recordings });
      const pipe = start();
      await vi.waitFor(() => expect(state()).toMatchObject({ state: 'open' }));
      if (!guarded) pipe.receive({ type: 'record', on: true, input: false });
      await vi.waitFor(() => expect(state()).toMatchObject({ recording: { required: guarded } }));
      fail(new KubeSageError('unavailable', 'The disk is full'));
      expect(state()).toMatchObject({ state: guarded ? 'failed' : 'open', message: 'The disk is full' });
      expect(state()?.recording).toBeUndefined();
      expect(sockets[0]?.disposed).toBe(guarded);
      session.dispose();
    }
  });

  test('one that nobody looks at ends after half an hour, and not while somebody does', async () => {
    const { start, state, session, clock, sockets } = await setUp();
    const sessions = new Sessions(clock);
    sessions.add(session);
    const first = sessions.hold(session, start());
    await vi.waitFor(() => expect(state()).toMatchObject({ state: 'open' }));
    await clock.advance(3_600_000);
    expect(sockets[0]?.disposed).toBe(false);
    first.dispose();
    await clock.advance(29 * 60_000);
    const again: TerminalDown[] = [];
    const second = sessions.hold(
      session,
      session.takeUp((message) => again.push(message), { columns: 80, rows: 24 }),
    );
    expect(again[0]).toMatchObject({ type: 'replay' });
    await clock.advance(3_600_000);
    expect(sessions.rows(user)).toMatchObject([{ attached: true, over: false }]);
    second.dispose();
    await clock.advance(30 * 60_000);
    expect(sockets[0]?.disposed).toBe(true);
    expect(sessions.rows(user)).toEqual([]);
  });

  test('nobody finds the terminal of somebody else', async () => {
    const { session, clock } = await setUp();
    const sessions = new Sessions(clock);
    sessions.add(session);
    const other = { id: 'eva', name: 'Eva' };
    expect(sessions.rows(other)).toEqual([]);
    expect(() => sessions.find(session.id, other)).toThrow('over');
    expect(sessions.find(session.id, user)).toBe(session);
    sessions.dispose();
  });
});
