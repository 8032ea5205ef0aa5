// Run by egress.spec.ts in a network of its own: uses the app as people do, and tells what left the machine meanwhile.
import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServed } from '../src/main/serve/testing/served.ts';
import { startApp } from './app.ts';
import { open } from './demo.ts';

const host = process.argv[2] === 'electron' ? 'electron' : 'serve';
const folder = mkdtempSync(join(tmpdir(), 'kubesage-egress-'));
const kubeconfig = join(folder, 'config');
writeFileSync(
  kubeconfig,
  `apiVersion: v1
kind: Config
clusters: [{name: far, cluster: {server: "https://10.77.0.1:6443"}}]
users: [{name: me, user: {token: abcdef}}]
contexts: [{name: far, context: {cluster: far, user: me}}]
`,
);

/** Packets that went out since the start: to the API server of the kubeconfig, and to anywhere else. */
function packets(): { server: number; elsewhere: number } {
  const rules = execFileSync('iptables', ['-w', '-nvxL', 'OUTPUT'], { encoding: 'utf8' });
  const count = (mark: string) =>
    Number(new RegExp(`^\\s*(\\d+).*/\\* ${mark} \\*/`, 'm').exec(rules)?.[1] ?? Number.NaN);
  return { server: count('server'), elsewhere: count('elsewhere') };
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function desktop(): Promise<unknown> {
  const demo = await startApp('electron', { kubeconfigs: [] });
  await demo.page.locator('article').filter({ hasText: 'Live' }).first().waitFor({ timeout: 60_000 });
  for (const route of ['/resources/pods', '/resources/events', '/settings/about', '/settings/privacy', '/fleet']) {
    await open(demo.page, route);
    await pause(700);
  }
  await demo.close();
  const onDemo = packets();
  const far = await startApp('electron', { kubeconfigs: [kubeconfig] });
  await far.page
    .getByText(/none contacted/)
    .first()
    .waitFor();
  await pause(2_000);
  const unopened = packets();
  await far.page.getByRole('main').getByRole('checkbox').first().check();
  await far.page.getByRole('button', { name: /^Open 1/ }).click();
  await pause(6_000);
  await far.close();
  return { onDemo, unopened, opened: packets() };
}

async function serve(): Promise<unknown> {
  const program = join(import.meta.dirname, '..', 'out', 'main', 'kubesage.mjs');
  const start = (name: string, config: string) =>
    startServed(program, ['--data', join(folder, name)], { ...process.env, KUBECONFIG: config, HOME: folder });
  const demo = await start('demo', '');
  for (let turn = 0; turn < 5; turn++) {
    await demo.get('resources/query', { kind: 'pods' });
    await demo.get('system/about', {});
    await pause(1_000);
  }
  await demo.end('SIGTERM');
  const onDemo = packets();
  const far = await start('far', kubeconfig);
  const clusters = await far.get<{ rows: { key: string }[] }>('fleet/clusters', {});
  await pause(2_000);
  const unopened = packets();
  await far.post('fleet/open', { clusters: clusters.rows.map(({ key }) => key) });
  await pause(6_000);
  await far.end('SIGTERM');
  return { onDemo, unopened, opened: packets() };
}

const measured = (await (host === 'electron' ? desktop() : serve())) as object;
// What would be seen if there were something: a name that is looked up, and a packet to a stranger.
await lookup('example.com').catch(() => undefined);
const control = packets();
process.stdout.write(`MEASURED ${JSON.stringify({ ...measured, control })}\n`);
rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
process.exit(0);
