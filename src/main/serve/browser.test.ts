import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Shopkeeper, shop } from '../../core/kernel/fixtures/shop.ts';
import { createServer } from '../../core/kernel/server.ts';
import { createServeHost, type ServeHost } from './serveHost.ts';

/** A browser that is there: named by the environment, Playwright's own, or the system's. */
const executablePath = [
  env.KUBESAGE_CHROMIUM,
  chromium.executablePath(),
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

const pageScript = `
const log = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => log.push('violation ' + violatedDirective));
log.push('session ' + (await fetch('/api/v1/session')).status);
const socket = new WebSocket('ws://' + location.host + '/api/v1/ws');
await new Promise((resolve) => socket.addEventListener('open', resolve));
socket.send(JSON.stringify({ type: 'call', id: 1, to: 'stock.price', input: { name: 'a' } }));
log.push(await new Promise((resolve) => socket.addEventListener('message', ({ data }) => resolve(data))));
const body = JSON.stringify({ name: 'a', amount: 1 });
const headers = { 'content-type': 'application/json' };
log.push(await (await fetch('/api/v1/stock/buy', { method: 'POST', headers, body })).text());
const events = new EventSource('/api/v1/stock/shelf');
log.push(await new Promise((resolve) => events.addEventListener('change', ({ type }) => resolve(type))));
events.close();
window.log = log;
document.title = 'done';
`;

/** What a page of somebody else tries, with the user's cookies. */
async function attack(base: string): Promise<string[]> {
  const buy = `${base}/api/v1/stock/buy`;
  const body = '{"name":"a","amount":1}';
  const attempts: [string, RequestInit][] = [
    [buy, { method: 'POST', mode: 'no-cors', credentials: 'include', body }],
    [buy, { method: 'POST', credentials: 'include', body, headers: { 'content-type': 'application/json' } }],
    [`${base}/api/v1/stock/price?name=a`, { credentials: 'include' }],
    [`${base}/api/v1/stock/price?name=a`, { credentials: 'include', mode: 'no-cors' }],
  ];
  const outcomes: string[] = [];
  for (const [url, init] of attempts) {
    outcomes.push(
      await fetch(url, init).then(
        async (answer) => `${answer.type}:${await answer.text()}`,
        () => 'failed',
      ),
    );
  }
  const socket = new WebSocket(`${base.replace('http', 'ws')}/api/v1/ws`);
  outcomes.push(
    await new Promise<string>((resolve) => {
      socket.onopen = () => resolve('socket open');
      socket.onerror = () => resolve('socket refused');
    }),
  );
  return outcomes;
}

describe.skipIf(executablePath === undefined)('in a real browser', () => {
  const keeper = new Shopkeeper();
  const server = createServer(shop, keeper.implementation, { checkResults: true });
  let folder: string;
  let host: ServeHost;
  let browser: Browser;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'serve-'));
    await writeFile(
      join(folder, 'index.html'),
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/app.js"></script>',
    );
    await writeFile(join(folder, 'app.js'), pageScript);
    host = await createServeHost({
      contract: shop,
      server,
      info: { title: 'Shop', version: '1' },
      staticFolder: folder,
    });
    browser = await chromium.launch({ executablePath: executablePath as string, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await host.close();
    server.dispose();
    await rm(folder, { recursive: true });
  });

  it('S1, S11: the sign-in link leads to a page that works under the policy, and to nobody else', async () => {
    const user = await browser.newContext();
    const page = await user.newPage();
    await page.goto(host.signInUrl);
    // Not waitForFunction: it evaluates in the page, which the policy forbids.
    await expect.poll(() => page.title(), { timeout: 15_000 }).toBe('done');
    expect(page.url()).toBe(`${host.url}/`);
    expect(await page.evaluate('window.log')).toEqual([
      'session 200',
      '{"type":"ok","id":1,"result":{"cents":100}}',
      '{"left":9}',
      'change',
    ]);
    expect(await page.evaluate('document.cookie')).toBe('');

    // The worst place for another site: the same host, another port. A browser counts it as the same site and sends the cookie.
    const before = keeper.calls.length;
    const other = http.createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><iframe src="${host.url}/"></iframe>`);
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const attacker = await user.newPage();
    const refusedFrame = attacker.waitForEvent('console', (message) => /frame/i.test(message.text()));
    await attacker.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    await refusedFrame;
    const outcomes = await attacker.evaluate(attack, host.url);
    expect(outcomes).toEqual(['failed', 'failed', 'failed', 'failed', 'socket refused']);
    expect(keeper.calls.length).toBe(before);
    other.close();
    await user.close();
  });

  it('S11: another browser cannot use the link again', async () => {
    const thief = await browser.newContext();
    const page = await thief.newPage();
    const answer = await page.goto(host.signInUrl);
    expect(answer?.status()).toBe(401);
    await thief.close();
  });
});
