import { afterEach, describe, expect, test } from 'vitest';
import { encodeEnvelope, encodeMessage } from '../projectors/index.ts';
import { bookmarkObject, encodeEvent, FakeApi, status } from './testing/fakeApi.ts';
import { credentialsOf, type Watching, watchPods } from './testing/watching.ts';

let api: FakeApi;
let client: Watching | undefined;

async function serve(pods: readonly string[] = ['a', 'b', 'c'], prepare?: (fake: FakeApi) => void): Promise<void> {
  api = new FakeApi();
  for (const name of pods) api.put(name);
  prepare?.(api);
  await api.listen();
}

/** The one invariant: in the end the rows are the server's, and are marked live. */
async function converged(watching: Watching): Promise<void> {
  await watching.until(
    () => watching.state()?.state === 'live' && JSON.stringify(watching.rows()) === JSON.stringify(api.expected()),
    'the rows equal the server',
  );
}

/** Lists and watches that the server was asked for, in order. */
function asked(): string[] {
  return api.requests.map(({ kind }) => kind).filter((kind) => kind !== 'other');
}

function start(options?: Parameters<typeof watchPods>[1]): Watching {
  client = watchPods(api.url, options);
  return client;
}

afterEach(async () => {
  client?.dispose();
  client = undefined;
  await api.kill();
});

describe('ways of listing', () => {
  test('R1 lists and watches in one stream', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    api.put('d');
    api.put('a', { phase: 'Failed' });
    api.remove('b');
    await converged(watching);
    expect(asked()).toEqual(['watch']);
    expect(api.requests.at(-1)?.query.get('sendInitialEvents')).toBe('true');
    expect(watching.messages.map(({ type }) => type).filter((type) => type !== 'rows')).toEqual([
      'state',
      'listing',
      'listed',
      'state',
    ]);
  });

  test('R1a pods of a server that sends lists while it encodes them are listed, then watched', async () => {
    await serve(['a', 'b', 'c'], (fake) => {
      fake.minor = '37+';
    });
    const watching = start();
    await converged(watching);
    await watching.until(() => api.watches.size === 1, 'watched');
    api.put('d');
    api.remove('a');
    await converged(watching);
    expect(api.requests.map(({ path }) => path)).toEqual(['/version', '/api/v1/pods', '/api/v1/pods']);
    expect(asked()).toEqual(['list', 'watch']);
    expect(watching.states.map(({ state }) => state)).toEqual(['listing', 'live']);
    api.resetAll();
    await watching.until(() => watching.state()?.state === 'stale', 'stale');
    await converged(watching);
    // What the server is was asked once, and what is known is not listed again.
    expect(api.requests.filter(({ path }) => path === '/version')).toHaveLength(1);
    expect(api.count('list')).toBe(1);
  });

  test.each(['32', '', 'x'])('R1a a server of version 1.%s is asked for one stream', async (minor) => {
    await serve(['a'], (fake) => {
      fake.minor = minor;
    });
    await converged(start());
    expect(api.count('list')).toBe(0);
  });

  test('R2 a server without streaming lists is listed as protobuf, then watched, and this is remembered', async () => {
    await serve(['a', 'b'], (fake) => {
      fake.streamingList = false;
    });
    const watching = start();
    await converged(watching);
    await watching.until(() => api.watches.size === 1, 'watched');
    api.put('c');
    await converged(watching);
    expect(asked()).toEqual(['watch', 'list', 'watch']);
    // Nobody sees this: the rows were never stale.
    expect(watching.states.map(({ state }) => state)).toEqual(['listing', 'live']);
  });

  test('R3 a server without protobuf is read as JSON', async () => {
    await serve(['a', 'b', 'c'], (fake) => {
      fake.protobuf = false;
    });
    const watching = start();
    await converged(watching);
    api.remove('c');
    await converged(watching);
    expect(watching.states.map(({ state }) => state)).toEqual(['listing', 'live']);
  });

  test('R3 with neither, JSON comes in pages', async () => {
    await serve(['a', 'b', 'c', 'd', 'e'], (fake) => {
      fake.protobuf = false;
      fake.streamingList = false;
    });
    const watching = start();
    await converged(watching);
    const pages = api.requests.filter(({ kind, query }) => kind === 'list' && query.has('limit'));
    expect(pages).toHaveLength(3);
  });

  test('R4 an old server that ignores sendInitialEvents is noticed by its silence', async () => {
    await serve();
    api.intercept = (request, reply) => {
      if (request.query.get('sendInitialEvents') !== 'true') return false;
      reply.begin();
      for (const pod of api.pods.values()) reply.event('ADDED', pod);
      return true;
    };
    await converged(start());
    expect(api.count('list')).toBe(1);
  });

  test('R5 goes on from the version of a snapshot, without a list', async () => {
    await serve(['a']);
    const resume = { '': String(api.version) };
    api.put('b');
    const watching = start({ target: { resume } });
    await watching.until(() => watching.state()?.state === 'live', 'live');
    expect(watching.rows()).toEqual(['default/b@102']);
    expect(api.requests[0]?.query.get('resourceVersion')).toBe('101');
    expect(watching.messages.some(({ type }) => type === 'listing')).toBe(false);
  });

  test('R6 custom kinds are asked for as JSON', async () => {
    await serve();
    await converged(start({ target: { custom: true } }));
    expect(api.requests[0]?.headers.accept).toBe('application/json');
  });
});

describe('faults', () => {
  test('F1 a reset in a watch loses nothing and lists nothing again', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    api.put('before');
    await converged(watching);
    api.resetAll();
    api.put('during');
    api.remove('a');
    await converged(watching);
    expect(api.count('list')).toBe(0);
    expect(api.requests.filter(({ query }) => query.has('sendInitialEvents'))).toHaveLength(1);
    expect(watching.states.map(({ state }) => state)).toEqual(['listing', 'live', 'stale', 'live']);
  });

  test('F1 a reset in the middle of a list begins the list again', async () => {
    await serve();
    let broken = 0;
    api.intercept = (_request, reply) => {
      if (broken++ > 1) return false;
      reply.begin();
      for (const pod of [...api.pods.values()].slice(0, 2)) reply.event('ADDED', pod);
      setTimeout(() => reply.reset(), 5);
      return true;
    };
    const watching = start();
    await converged(watching);
    expect(watching.messages.filter(({ type }) => type === 'listing')).toHaveLength(3);
    expect(watching.messages.filter(({ type }) => type === 'listed')).toHaveLength(1);
  });

  test.each([1, 3, 4, 7, 40])('F1 a reset %i bytes into a frame resumes before that frame', async (cut) => {
    await serve();
    const watching = start();
    await converged(watching);
    const [watch] = api.watches;
    api.watches.clear();
    const pod = api.put('torn');
    watch?.bytes(encodeEvent('ADDED', pod, true).subarray(0, cut));
    setTimeout(() => watch?.reset(), 5);
    await converged(watching);
    expect(api.count('list')).toBe(0);
  });

  test('F2 a half-open connection is stale after ten seconds and opened anew', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    const from = watching.clock.now();
    let deaf = true;
    api.intercept = () => deaf;
    const [watch] = api.watches;
    api.watches.clear();
    await watching.until(() => watching.state()?.state === 'stale', 'stale');
    const stale = watching.state();
    expect(watching.clock.now() - from).toBeLessThanOrEqual(11_000);
    expect(stale).toMatchObject({ state: 'stale', code: 'timeout' });
    expect(watch?.open).toBe(true);
    deaf = false;
    api.put('meanwhile');
    await converged(watching);
    expect(api.count('list')).toBe(0);
  });

  test('F2 a quiet watch of a server that answers is left alone', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    const end = watching.clock.now() + 60_000;
    await watching.until(() => watching.clock.now() > end, 'a minute has passed');
    expect(api.count('watch')).toBe(1);
    expect(watching.state()?.state).toBe('live');
  });

  test('F2 a list that stood still and goes on is listing again, and live at its end alone', async () => {
    await serve(['a', 'b', 'c'], (fake) => {
      fake.minor = '37';
    });
    let more = () => {};
    let rest = () => {};
    api.intercept = (request, reply) => {
      if (request.kind !== 'list') return request.path === '/livez';
      const metadata = { resourceVersion: String(api.version) };
      const list = encodeMessage('k8s.io.api.core.v1.PodList', { metadata, items: [...api.pods.values()] });
      const bytes = encodeEnvelope('v1', 'PodList', list);
      let sent = bytes.length - 100;
      reply.begin('application/vnd.kubernetes.protobuf');
      reply.bytes(bytes.subarray(0, sent));
      more = () => reply.bytes(bytes.subarray(sent, ++sent));
      rest = () => {
        reply.bytes(bytes.subarray(sent));
        reply.end();
      };
      return true;
    };
    const watching = start();
    await watching.until(() => watching.state()?.state === 'stale', 'stale');
    // A byte every tenth of a second, until a probe has seen that the server is there.
    await watching.until(() => {
      if (watching.state()?.state === 'stale') more();
      return watching.state()?.state === 'listing';
    }, 'listing again');
    api.intercept = () => false;
    rest();
    await converged(watching);
    expect(watching.states.map(({ state }) => state)).toEqual(['listing', 'stale', 'listing', 'live']);
    expect(api.count('list')).toBe(1);
  });

  test('F3 one byte at a time is enough', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    const [watch] = api.watches;
    api.watches.clear();
    for (const byte of encodeEvent('ADDED', api.put('slow'), true)) watch?.bytes(Uint8Array.of(byte));
    await converged(watching);
    expect(api.count('watch')).toBe(1);
  });

  test('F4 410 as an answer causes one quorum list', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    api.put('lost');
    api.oldest = api.version + 1;
    api.version += 5;
    api.resetAll();
    await watching.until(() => watching.state()?.state === 'stale', 'stale');
    await converged(watching);
    const lists = api.requests.filter(({ query }) => query.get('sendInitialEvents') === 'true');
    expect(lists.map(({ query }) => query.get('resourceVersion'))).toEqual(['0', null]);
  });

  test('F4 410 inside the stream causes one quorum list', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    const [watch] = api.watches;
    api.watches.clear();
    api.put('lost');
    api.remove('a');
    watch?.event('ERROR', status(410, 'Expired', 'too old resource version'));
    await converged(watching);
    expect(api.requests.filter(({ query }) => query.get('sendInitialEvents') === 'true')).toHaveLength(2);
    // A diff, not a flash: rows that stay are never removed in between.
    expect(watching.messages.filter(({ type }) => type === 'listed')).toHaveLength(2);
  });

  test('F4 410 at a page begins the list again, whole', async () => {
    await serve(['a', 'b', 'c', 'd', 'e'], (fake) => {
      fake.protobuf = false;
      fake.streamingList = false;
    });
    api.intercept = (request, reply) => {
      if (!request.query.has('continue')) return false;
      reply.status(410, 'Expired', 'The provided continue parameter is too old');
      return true;
    };
    await converged(start());
    const lists = api.requests.filter(({ kind }) => kind === 'list');
    expect(lists.at(-1)?.query.has('limit')).toBe(false);
    expect(lists.filter(({ query }) => query.has('continue'))).toHaveLength(1);
  });

  test('F5 429 is obeyed: as long as the server asks, version kept, no list', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    let refusedAt = 0;
    let againAt = 0;
    api.intercept = (request, reply) => {
      if (request.kind !== 'watch') return false;
      if (refusedAt === 0) {
        refusedAt = watching.clock.now();
        reply.status(429, 'TooManyRequests', 'too many requests, please try again later', { 'Retry-After': '7' });
        return true;
      }
      againAt = watching.clock.now();
      return false;
    };
    api.resetAll();
    api.put('d');
    await converged(watching);
    expect(againAt - refusedAt).toBeGreaterThanOrEqual(7_000);
    expect(api.requests.filter(({ query }) => query.has('sendInitialEvents'))).toHaveLength(1);
    expect(watching.states).toContainEqual(expect.objectContaining({ state: 'stale', code: 'tooMany' }));
  });

  test.each([500, 502, 503, 504])('F6 %i with a page of a proxy is shown in short and survived', async (code) => {
    await serve();
    let left = 2;
    api.intercept = (request, reply) => {
      if (request.kind === 'other' || left-- <= 0) return false;
      reply.send(code, `<html><head><title>${code} Bad Day</title></head><body>x</body></html>`, {
        'Content-Type': 'text/html',
      });
      return true;
    };
    const watching = start();
    await converged(watching);
    const [stale] = watching.states.filter(({ state }) => state === 'stale');
    expect(stale).toMatchObject({ reason: expect.stringContaining(`a web page titled "${code} Bad Day"`) });
  });

  test('F6 200 with HTML is never read as data', async () => {
    await serve();
    let left = 2;
    api.intercept = (request, reply) => {
      if (request.kind === 'other' || left-- <= 0) return false;
      reply.send(200, '<!doctype html><title>Sign in</title>', { 'Content-Type': 'text/html; charset=utf-8' });
      return true;
    };
    const watching = start();
    await converged(watching);
    expect(watching.states[1]).toMatchObject({
      state: 'stale',
      code: 'unavailable',
      reason: expect.stringContaining('Sign in'),
    });
  });

  test('F7 ERROR 500 in a streaming list that stays open falls back within a second, for good', async () => {
    await serve();
    api.intercept = (request, reply) => {
      if (request.query.get('sendInitialEvents') !== 'true') return false;
      reply.begin();
      reply.event('ERROR', status(500, 'InternalError', 'RequestWatchProgress is not supported'));
      return true;
    };
    const watching = start();
    const from = watching.clock.now();
    await converged(watching);
    // Not by its silence, which takes ten seconds; each turn of a busy machine is a tenth of one.
    expect(watching.clock.now() - from).toBeLessThan(10_000);
    expect(watching.states.map(({ state }) => state)).toEqual(['listing', 'live']);
    api.oldest = api.version + 10;
    api.version += 10;
    api.resetAll();
    await converged(watching);
    expect(api.requests.filter(({ query }) => query.has('sendInitialEvents'))).toHaveLength(1);
  });

  test('F8 401 renews the credentials once and goes on', async () => {
    await serve();
    const refusals: (number | undefined)[] = [];
    let generation = 0;
    api.intercept = (request, reply) => {
      if (request.headers.authorization === 'Bearer token-2') return false;
      reply.status(401, 'Unauthorized', 'Unauthorized');
      return true;
    };
    const watching = start({
      credentials: {
        get: async (refused) => {
          refusals.push(refused);
          if (refused !== undefined || generation === 0) generation++;
          return { token: `token-${generation}`, generation };
        },
      },
    });
    await converged(watching);
    expect(refusals).toEqual([undefined, 1]);
    expect(watching.states.map(({ state }) => state)).toEqual(['listing', 'live']);
  });

  test('F9 403 is a state with the words of the server, not an empty list, and ends when it is lifted', async () => {
    await serve();
    let allowed = false;
    api.intercept = (_request, reply) => {
      if (allowed) return false;
      reply.status(
        403,
        'Forbidden',
        'pods is forbidden: User "viewer" cannot list resource "pods" in API group "" at the cluster scope',
      );
      return true;
    };
    const watching = start();
    await watching.until(() => watching.state()?.state === 'forbidden', 'forbidden');
    expect(watching.state()).toMatchObject({ reason: expect.stringContaining('cannot list resource "pods"') });
    expect(watching.messages.some(({ type }) => type === 'listed')).toBe(false);
    const asked = api.count('watch');
    allowed = true;
    await watching.clock.advance(60_000);
    expect(api.count('watch')).toBe(asked);
    watching.watchers.retry(1);
    await converged(watching);
  });

  test('F9 namespaces are watched each for itself, and one that is forbidden does not hide the other', async () => {
    await serve([]);
    api.put('mine', { namespace: 'shop' });
    api.put('theirs', { namespace: 'bank' });
    api.intercept = (request, reply) => {
      if (request.path.includes('/namespaces/shop/') || request.kind === 'other') return false;
      reply.status(403, 'Forbidden', 'pods is forbidden');
      return true;
    };
    const watching = start({ target: { namespaces: ['shop', 'bank'] } });
    await watching.until(
      () => watching.state('shop')?.state === 'live' && watching.state('bank')?.state === 'forbidden',
      'both',
    );
    expect(watching.rows()).toEqual([expect.stringContaining('shop/mine@')]);
    api.put('more', { namespace: 'shop' });
    await watching.until(() => watching.rows().length === 2, 'live in its namespace');
  });

  test('F13 versions are only handed on: numbers where they are numbers, and a delete carries its own', async () => {
    await serve(['a']);
    const watching = start();
    await converged(watching);
    api.remove('a');
    await converged(watching);
    const last = watching.messages.findLast((message) => message.type === 'rows');
    expect(last?.type === 'rows' ? [[...last.batch.ops], [...last.batch.versions]] : undefined).toEqual([[1], [102]]);
  });

  test('F14 a frame that cannot be read causes a fresh list, and is counted by its state', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    const [watch] = api.watches;
    api.watches.clear();
    const pod = api.put('d');
    const frame = Buffer.from(encodeEvent('ADDED', pod, true));
    // The object's magic number.
    frame[frame.indexOf('k8s\0')] = 0;
    watch?.bytes(frame);
    await converged(watching);
    expect(api.requests.filter(({ query }) => query.has('sendInitialEvents'))).toHaveLength(2);
    expect(watching.states).toContainEqual(expect.objectContaining({ state: 'stale', code: 'invalid' }));
  });

  test('F14 a torn JSON line causes a fresh list', async () => {
    await serve(['a', 'b'], (fake) => {
      fake.protobuf = false;
    });
    const watching = start();
    await converged(watching);
    const [watch] = api.watches;
    api.watches.clear();
    api.put('d');
    watch?.bytes(Buffer.from('{"type":"ADDED","object":{"metadata":{"name":"d\n'));
    await converged(watching);
    expect(watching.states).toContainEqual(expect.objectContaining({ state: 'stale', code: 'invalid' }));
  });

  test('F14 an object that cannot be read in any way is left out and counted, the others arrive', async () => {
    await serve(['a', 'b']);
    const broken = api.put('broken');
    (broken.metadata as { name: unknown }).name = 'x';
    api.intercept = (request, reply) => {
      if (request.kind === 'other') return false;
      reply.begin();
      const named = request.query.get('sendInitialEvents') === 'true';
      for (const pod of named ? api.pods.values() : []) {
        const bytes = Buffer.from(encodeEvent('ADDED', pod, reply.protobuf));
        // One letter of the name becomes a byte that no UTF-8 text has.
        if (pod === broken && !reply.protobuf) bytes[bytes.indexOf('"name":"x"') + 8] = 0x01;
        if (pod === broken && reply.protobuf) bytes[bytes.indexOf('k8s\0')] = 0;
        reply.bytes(bytes);
      }
      reply.event('BOOKMARK', bookmarkObject(api.version, { 'k8s.io/initial-events-end': 'true' }));
      return true;
    };
    const watching = start();
    await watching.until(() => watching.state()?.state === 'live', 'live');
    expect(watching.state()).toMatchObject({ state: 'live', unreadable: 1 });
    expect(watching.rows()).toHaveLength(2);
  });

  test('F14 a list whose items are null is empty', async () => {
    await serve([], (fake) => {
      fake.protobuf = false;
      fake.streamingList = false;
    });
    api.intercept = (request, reply) => {
      if (request.kind !== 'list') return false;
      reply.send(200, '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"100"},"items":null}');
      return true;
    };
    await converged(start());
    expect(client?.rows()).toEqual([]);
  });

  test('F14 an object of 1.5 MB and one with 10,000 labels arrive', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    api.put('large', { labels: { text: 'x'.repeat(1_500_000) } });
    api.put('many', {
      labels: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`label-${at}`, `${at}`])),
    });
    await converged(watching);
    expect(api.count('watch')).toBe(1);
  });

  test('F15 a server that restarts is met again, with what happened meanwhile', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    const port = await api.kill();
    await watching.until(() => watching.state()?.state === 'stale', 'stale');
    const end = watching.clock.now() + 20_000;
    await watching.until(() => watching.clock.now() > end, 'some attempts have failed');
    expect(watching.state()).toMatchObject({ state: 'stale', reason: expect.stringContaining('refuses connections') });
    api.put('new');
    await api.restart(port);
    await converged(watching);
    expect(api.requests.filter(({ query }) => query.has('sendInitialEvents'))).toHaveLength(1);
  });

  test('F15 a restarted server with an empty cache is listed once', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    const port = await api.kill();
    api.remove('a');
    api.version += 50;
    await api.restart(port, true);
    await converged(watching);
    expect(api.requests.filter(({ query }) => query.has('sendInitialEvents'))).toHaveLength(2);
  });

  test('R30 a kind that is not served is absent', async () => {
    await serve();
    api.intercept = (request, reply) => {
      if (request.kind === 'other') return false;
      reply.status(404, 'NotFound', 'the server could not find the requested resource');
      return true;
    };
    const watching = start();
    await watching.until(() => watching.state()?.state === 'absent', 'absent');
  });

  test('R40 after unwatch nothing is said any more', async () => {
    await serve();
    const watching = start();
    await converged(watching);
    watching.watchers.unwatch(1, 'pods');
    const { length } = watching.messages;
    api.put('late');
    await watching.clock.advance(10_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(watching.messages).toHaveLength(length);
  });

  test('R41 credentials reach the wire and nothing else', async () => {
    await serve();
    const watching = start({
      spec: { impersonate: { user: 'jane', groups: ['dev', 'ops'], extra: { 'example.com/team': ['a'] } } },
      credentials: credentialsOf({ token: 'canary-token' }),
    });
    await converged(watching);
    expect(api.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer canary-token',
      'user-agent': 'kubesage/test',
      'impersonate-user': 'jane',
      'impersonate-group': 'ops',
      'impersonate-extra-example.com%2fteam': 'a',
    });
    expect(JSON.stringify(watching.messages, (key, value) => (key === 'batch' ? undefined : value))).not.toContain(
      'canary',
    );
  });
});
