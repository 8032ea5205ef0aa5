import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import type { ExecSpec, UserAuth } from '../kubeconfig/index.ts';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { Approvals } from './consent.ts';
import { LoginSource } from './identity.ts';
import { connection, contextWith, createStubFolder, credential, execSpec, type StubFolder } from './stubs.ts';
import { createTurns } from './turns.ts';

let stubs: StubFolder;
let clock: FakeClock;
let authenticator: Authenticator;
let env: Record<string, string>;
beforeEach(async () => {
  stubs = await createStubFolder();
  clock = new FakeClock();
  const approvals = {
    value: Approvals.parse({}),
    update: async (change: (value: Approvals) => Approvals) => {
      approvals.value = change(approvals.value);
    },
  };
  env = { PATH: `${join(stubs.path, 'bin')}:${process.env.PATH}`, KUBERC: 'off' };
  authenticator = createAuthenticator({
    clock,
    env,
    homeFolder: stubs.path,
    approvals,
    askShell: false,
    execTimeoutMs: 20_000,
  });
});
afterEach(async () => {
  authenticator.dispose();
  await rm(stubs.path, { recursive: true });
});

const path = (name: string) => join(stubs.path, name);

describe('what is written', () => {
  it('reads a token file again, and makes a new generation when it changed', async () => {
    await writeFile(path('token'), 'one\n');
    const source = authenticator.sourceFor(contextWith({ tokenFile: path('token'), token: 'written' }), connection);
    expect(await source.get()).toEqual({ token: 'one', generation: 1 });
    expect(await source.get()).toEqual({ token: 'one', generation: 1 });
    await expect(source.get(1)).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('does not accept the token of user "me"'),
    });
    await writeFile(path('token'), 'two');
    expect(await source.get(1)).toEqual({ token: 'two', generation: 2 });
    // The written one is what is left when the file is gone.
    await rm(path('token'));
    expect(await source.get()).toEqual({ token: 'written', generation: 3 });
  });

  it('reads certificate files again, and says which one cannot be read', async () => {
    await writeFile(path('c'), 'C1');
    await writeFile(path('k'), 'K1');
    const auth = { clientCertificate: { file: path('c') }, clientKey: { file: path('k') } };
    const source = authenticator.sourceFor(contextWith(auth), connection);
    expect(await source.get()).toEqual({ clientCertificate: 'C1', clientKey: 'K1', generation: 1 });
    await writeFile(path('c'), 'C2');
    expect(await source.get(1)).toMatchObject({ clientCertificate: 'C2', generation: 2 });
    await rm(path('k'));
    await expect(source.get()).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining(path('k')),
    });
  });

  it('asks no plugin when something static is there, and needs no consent for it', async () => {
    const auth = { token: 't', exec: execSpec('/bin/false') };
    expect(await authenticator.missingConsent(contextWith(auth))).toBeNull();
    expect(await authenticator.sourceFor(contextWith(auth), connection).get()).toEqual({ token: 't', generation: 1 });
    expect(
      await authenticator.sourceFor(contextWith({ basic: { username: 'u', password: 'p' } }), connection).get(),
    ).toEqual({
      basic: { username: 'u', password: 'p' },
      generation: 1,
    });
    expect(await authenticator.sourceFor(contextWith({}), connection).get()).toEqual({ generation: 1 });
  });
});

async function approved(auth: UserAuth, name = 'dev') {
  const context = contextWith(auth, name);
  const consent = await authenticator.missingConsent(context);
  if (consent !== null) await authenticator.approve(context, consent.hash);
  return context;
}

const counting = (status: string) => `echo run >> ${path('runs')}; echo '${status}'`;
const runs = async () =>
  readFile(path('runs'), 'utf8').then(
    (text) => text.trim().split('\n').length,
    () => 0,
  );

describe('exec plugins', () => {
  it('runs nothing without consent, then once for all who ask, of every context with that user', async () => {
    await stubs.script('login', counting(credential({ token: 't' })));
    const auth = { exec: execSpec('login') };
    const source = authenticator.sourceFor(contextWith(auth), connection);
    await expect(source.get()).rejects.toMatchObject({ code: 'forbidden' });
    expect(await runs()).toBe(0);
    const contexts = await Promise.all(Array.from({ length: 20 }, (_, n) => approved(auth, `c${n}`)));
    for (const context of contexts) authenticator.forgive(context);
    authenticator.forgive(contextWith(auth));
    const got = await Promise.all(contexts.map((context) => authenticator.sourceFor(context, connection).get()));
    expect(new Set(got.map((one) => one.generation))).toEqual(new Set([1]));
    expect(await runs()).toBe(1);
  });

  it('shares an identity where the plugin is not told the cluster, and keeps it apart where it is', async () => {
    await stubs.script('login', counting(credential({ token: 't' })));
    const get = async (more: Partial<ExecSpec>, server: string, impersonate?: { user: string }) => {
      const context = await approved({ exec: execSpec('login', more), impersonate }, server);
      return authenticator.sourceFor(context, { ...connection, server }).get();
    };
    await get({ folder: '/a', clusterConfig: { n: 1 } }, 'https://a');
    await get({ folder: '/b', clusterConfig: { n: 2 } }, 'https://b', { user: 'jane' });
    expect(await runs()).toBe(1);
    await get({ provideClusterInfo: true }, 'https://a');
    await get({ provideClusterInfo: true }, 'https://b');
    await get({ provideClusterInfo: true }, 'https://b');
    expect(await runs()).toBe(3);
  });

  it('F8: runs once more for twenty watches that were refused at the same time', async () => {
    await stubs.script('login', counting(credential({ token: 't' })));
    const source = authenticator.sourceFor(await approved({ exec: execSpec('login') }), connection);
    const first = await source.get();
    const again = await Promise.all(Array.from({ length: 20 }, () => source.get(first.generation)));
    expect(again.every((one) => one.generation === 2)).toBe(true);
    // A straggler of the old generation gets the new set, without another run.
    expect((await source.get(first.generation)).generation).toBe(2);
    expect(await runs()).toBe(2);
  });

  it('ask 6: a failed sign-in is not tried again by itself, only when the user asks', async () => {
    await stubs.script('login', `echo run >> ${path('runs')}; exit 1`);
    const context = await approved({ exec: execSpec('login') });
    const source = authenticator.sourceFor(context, connection);
    for (let hour = 0; hour < 12; hour++) {
      await expect(source.get()).rejects.toMatchObject({ code: 'unauthenticated' });
      await clock.advance(3_600_000);
    }
    expect(await runs()).toBe(1);
    authenticator.forgive(context);
    await expect(source.get()).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await runs()).toBe(2);
  });

  it('a plugin that never asks anybody is tried again, more and more rarely', async () => {
    await stubs.script('login', `echo run >> ${path('runs')}; exit 1`);
    const source = authenticator.sourceFor(
      await approved({ exec: execSpec('login', { interactiveMode: 'Never' }) }),
      connection,
    );
    for (let minute = 0; minute < 60; minute++) {
      await source.get().catch(() => undefined);
      await clock.advance(60_000);
    }
    // At 0, 1, 3, 7, 15, 30 and 45 minutes.
    expect(await runs()).toBe(7);
  });

  it('one sign-in at a time, whoever asks', async () => {
    const log = path('log');
    const body = (name: string) =>
      `echo "start ${name}" >> ${log}; sleep 0.05; echo "end ${name}" >> ${log}; echo '${credential({ token: 't' })}'`;
    const contexts = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      await stubs.script(name, body(name));
      contexts.push(await approved({ exec: execSpec(name) }, name));
    }
    await Promise.all(contexts.map((context) => authenticator.sourceFor(context, connection).get()));
    const lines = (await readFile(log, 'utf8')).trim().split('\n');
    expect(lines).toEqual(['start a', 'end a', 'start b', 'end b', 'start c', 'end c', 'start d', 'end d']);
  });

  it('ends a sign-in that nobody waits for any more, and holds it against nobody', async () => {
    await stubs.script(
      'login',
      `echo run >> ${path('runs')}; test -e ${path('go')} || sleep 300; echo '${credential({ token: 't' })}'`,
    );
    const source = authenticator.sourceFor(await approved({ exec: execSpec('login') }), connection);
    const [one, two] = [new AbortController(), new AbortController()];
    const first = source.get(undefined, one.signal);
    const second = source.get(undefined, two.signal);
    one.abort(new Error('closed one'));
    await expect(first).rejects.toThrow('closed one');
    while ((await runs()) === 0) await new Promise((done) => setTimeout(done, 20));
    two.abort(new Error('closed two'));
    await expect(second).rejects.toThrow('closed two');
    await writeFile(path('go'), '');
    // The turn is free again: the first plugin is gone, not waited for.
    expect(await source.get()).toMatchObject({ token: 't' });
  });

  it('F12: judges the end by the server’s clock, and uses what comes out ended while no server refuses it', async () => {
    const day = 86_400_000;
    const expirationTimestamp = new Date(clock.now() + 3_600_000).toISOString();
    await stubs.script('login', counting(credential({ token: 't', expirationTimestamp })));
    const context = await approved({ exec: execSpec('login') });
    const source = authenticator.sourceFor(context, connection);
    await source.get();
    // Our clock is a day behind the truth: the token has ended although it looks good.
    authenticator.observeServerTime(context, clock.now() + day);
    await source.get();
    expect(await runs()).toBe(2);
    for (let n = 0; n < 5; n++) await source.get();
    expect(await runs()).toBe(2);
    await source.get(2);
    expect(await runs()).toBe(3);
  });
});

it('a property of all schedules: one login per generation, one at a time, and every caller gets a set that was not refused', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(2), fc.boolean(), fc.nat(3)), { minLength: 1, maxLength: 30 }),
      async (calls) => {
        const time = new FakeClock();
        const turns = createTurns();
        let running = 0;
        let most = 0;
        const logins = [0, 0, 0];
        const sources = [0, 1, 2].map(
          (identity) =>
            new LoginSource({
              clock: time,
              silent: false,
              skewMs: () => 0,
              login: (signal) =>
                turns.take(async () => {
                  running++;
                  most = Math.max(most, running);
                  logins[identity] = (logins[identity] ?? 0) + 1;
                  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
                  running--;
                  return { token: `${identity}` };
                }, signal),
            }),
        );
        const highest = [0, 0, 0];
        const pending: Promise<void>[] = [];
        for (const [identity, refuse, pause] of calls) {
          const refused = refuse ? highest[identity] : undefined;
          const got = sources[identity]?.get(refused === 0 ? undefined : refused).then((one) => {
            expect(one.generation).toBeGreaterThan(refused ?? 0);
            highest[identity] = Math.max(highest[identity] ?? 0, one.generation);
          });
          if (got !== undefined) pending.push(got);
          for (let turn = 0; turn < pause; turn++) await Promise.resolve();
        }
        await Promise.all(pending);
        expect(most).toBeLessThanOrEqual(1);
        expect(logins).toEqual(highest);
      },
    ),
    { numRuns: 100 },
  );
});

describe('auth-provider: oidc', () => {
  const jwt = (endMs: number) =>
    `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ exp: endMs / 1000 })).toString('base64url')}.`;

  async function provider(answer: (request: IncomingMessage, body: string) => { status: number; body: unknown }) {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push(`${request.method} ${request.url} ${body}`);
        const said =
          request.url === '/.well-known/openid-configuration'
            ? { status: 200, body: { issuer, token_endpoint: `${issuer}/token` } }
            : answer(request, body);
        response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { issuer, asked, close: () => new Promise((done) => server.close(done)) };
  }

  it('uses the written token while it lasts, then renews it, with the newest refresh token', async () => {
    let round = 0;
    const { issuer, asked, close } = await provider(() => ({
      status: 200,
      body: { id_token: jwt(clock.now() + 600_000), refresh_token: `r${++round + 1}` },
    }));
    const oidc = {
      issuer,
      clientId: 'kube',
      clientSecret: 's/1',
      idToken: jwt(clock.now() + 600_000),
      refreshToken: 'r1',
    };
    const source = authenticator.sourceFor(contextWith({ oidc }), connection);
    expect((await source.get()).token).toBe(oidc.idToken);
    expect(asked).toEqual([]);
    await clock.advance(600_000);
    expect((await source.get()).generation).toBe(2);
    await clock.advance(600_000);
    await source.get();
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual([
      'POST /token grant_type=refresh_token&refresh_token=r1',
      'POST /token grant_type=refresh_token&refresh_token=r2',
    ]);
    await close();
  });

  it('sends the client’s secret in the body where the header is refused, and tells a refusal', async () => {
    const { issuer, asked, close } = await provider((request) =>
      request.headers.authorization === undefined
        ? { status: 400, body: { error: 'invalid_grant', error_description: 'Session has ended' } }
        : { status: 401, body: { error: 'invalid_client' } },
    );
    const oidc = { issuer, clientId: 'kube', clientSecret: 's', refreshToken: 'r1' };
    const source = authenticator.sourceFor(contextWith({ oidc }), connection);
    await expect(source.get()).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('Session has ended'),
    });
    expect(asked.at(-1)).toBe('POST /token grant_type=refresh_token&refresh_token=r1&client_id=kube&client_secret=s');
    await close();
  });

  it('goes through the proxy of the environment', async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const oidc = { issuer: 'https://issuer.example.com', clientId: 'k', refreshToken: 'r' };
    const source = authenticator.sourceFor(contextWith({ oidc }), connection);
    await expect(source.get()).rejects.toMatchObject({ code: 'unreachable' });
    expect(tunnels).toEqual(['issuer.example.com:443']);
    await new Promise((done) => proxy.close(done));
  });

  it('never sends a refresh token unencrypted, and says when there is none or nobody answers', async () => {
    const get = (oidc: UserAuth['oidc']) => authenticator.sourceFor(contextWith({ oidc }), connection).get();
    await expect(get({ issuer: 'http://10.9.9.9', clientId: 'k', refreshToken: 'r' })).rejects.toMatchObject({
      code: 'invalid',
    });
    await expect(get({ issuer: 'https://x', clientId: 'k' })).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(get({ issuer: 'http://127.0.0.1:1', clientId: 'k', refreshToken: 'r' })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });
});
