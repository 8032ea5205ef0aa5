import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodeEnvelope, encodeMessage } from '../projectors/index.ts';
import { slowWay } from '../transport/testing/slowLink.ts';
import { createWatchers } from './createWatchers.ts';
import { FakeApi } from './testing/fakeApi.ts';
import { noCredentials, podsTarget, specOf, Table } from './testing/watching.ts';

const pods = 2_000;

async function watchOver(bytesPerSecond: number, roundTripMs: number) {
  const api = new FakeApi();
  for (let at = 0; at < pods; at++) api.put(`web-${at}`, { labels: { text: `${at}-${'x'.repeat(600)}` } });
  api.intercept = (request, reply) => {
    if (request.kind !== 'list' || request.headers['accept-encoding'] !== 'gzip') return false;
    const metadata = { resourceVersion: String(api.version) };
    const list = encodeMessage('k8s.io.api.core.v1.PodList', { metadata, items: [...api.pods.values()] });
    reply.send(200, gzipSync(encodeEnvelope('v1', 'PodList', list)), {
      'Content-Type': 'application/vnd.kubernetes.protobuf',
      'Content-Encoding': 'gzip',
    });
    return true;
  };
  await api.listen();
  const way = await slowWay(api.port, bytesPerSecond, roundTripMs);
  const watchers = createWatchers({ workers: 0 });
  const table = new Table();
  const states: string[] = [];
  watchers.connect(1, specOf(`http://127.0.0.1:${way.port}`), noCredentials);
  await new Promise<void>((resolve) => {
    watchers.onMessage((message) => {
      table.apply(message);
      if (message.type !== 'state') return;
      states.push(message.state.state);
      if (message.state.state !== 'listing') resolve();
    });
    watchers.watch(1, podsTarget());
  });
  const asked = api.requests
    .filter(({ kind }) => kind !== 'other')
    .map(({ kind, headers }) => `${kind} ${headers['accept-encoding']}`);
  const rows = table.rows();
  watchers.dispose();
  way.close();
  await api.kill();
  expect(rows).toEqual(api.expected());
  return { asked, states };
}

test('R4a over a slow link a list that streams is given up for a compressed one, which nobody notices', async () => {
  const { asked, states } = await watchOver(1_000_000, 40);
  expect(asked.slice(0, 2)).toEqual(['watch identity', 'list gzip']);
  expect(states).toEqual(['listing', 'live']);
});
