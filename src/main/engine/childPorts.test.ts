import { expect, it } from 'vitest';
import type { Port } from '../../core/kernel/client.ts';
import { type ChildMessage, createChildPorts } from './childPorts.ts';

it('keeps connections apart, in both directions, and ends one without the other', () => {
  const sent: ChildMessage[] = [];
  const accepted: Port[] = [];
  const ports = createChildPorts(
    (message) => sent.push(message),
    (port) => accepted.push(port),
  );
  ports.receive({ type: 'connect', id: 1 });
  ports.receive({ type: 'connect', id: 2 });
  const [first, second] = accepted as [Port, Port];
  const heard: unknown[] = [];
  first.onMessage((data) => heard.push(['first', data]));
  first.onClose(() => heard.push(['first', 'closed']));
  second.onMessage((data) => heard.push(['second', data]));
  ports.receive({ type: 'message', id: 2, data: 'b' });
  ports.receive({ type: 'message', id: 1, data: 'a' });
  ports.receive({ type: 'close', id: 1 });
  ports.receive({ type: 'message', id: 1, data: 'late' });
  first.post('to nobody');
  second.post({ hello: 2 });
  second.dispose();
  second.dispose();
  expect(heard).toEqual([
    ['second', 'b'],
    ['first', 'a'],
    ['first', 'closed'],
  ]);
  expect(sent).toEqual([
    { type: 'message', id: 2, data: { hello: 2 } },
    { type: 'close', id: 2 },
  ]);
});

it('keeps what a window sends before the engine listens', async () => {
  const accepted: Port[] = [];
  const ports = createChildPorts(
    () => {},
    (port) => accepted.push(port),
  );
  ports.receive({ type: 'connect', id: 1 });
  ports.receive({ type: 'message', id: 1, data: 'early' });
  const heard: unknown[] = [];
  accepted[0]?.onMessage((data) => heard.push(data));
  await Promise.resolve();
  ports.receive({ type: 'message', id: 1, data: 'late' });
  expect(heard).toEqual(['early', 'late']);
});
