// Terminals in containers of a real node: a shell by its key, resize, Ctrl-C, a flood, its end and its start again, several
// at once, recordings; on the desktop a shell on this computer, too.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

let real: RealCluster;
let app: App;
const image = 'docker.io/library/busybox:1.36';
const namespace = `shells-${process.pid}`;

const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: ${namespace} }
spec:
  nodeName: real-1
  terminationGracePeriodSeconds: 0
  containers:
    - { name: main, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
    - { name: sidecar, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: several, namespace: ${namespace} }
spec:
  replicas: 2
  selector: { matchLabels: { app: several } }
  template:
    metadata: { labels: { app: several } }
    spec:
      nodeName: real-1
      terminationGracePeriodSeconds: 0
      containers:
        - { name: main, image: "${image}", imagePullPolicy: IfNotPresent, command: [sleep, "100000"] }
`;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const host = hostOf(test.info());
  real = startCluster(`shells-${host}`, { realNode: true });
  // No pod may be made before the new namespace has its service account.
  await expect(() => void real.kubectl(['apply', '-f', '-'], manifests)).toPass({ timeout: 60_000 });
  real.kubectl(['wait', '--for=condition=Ready', 'pod/web', '-n', namespace, '--timeout=120s']);
  app = await startApp(host, { kubeconfigs: [real.kubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.getByRole('article').first()).toContainText('Live');
});

test.afterAll(async () => {
  await app?.close();
  real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  real?.down();
});

const dock = () => app.page.getByRole('region', { name: 'Dock' });
const screen = () => dock().locator('.xterm-rows').filter({ visible: true }).last();
const type = (text: string) => app.page.keyboard.type(text);
const focusTerminal = () => dock().locator('.xterm-helper-textarea').last().focus();
const card = () => app.page.getByRole('article').first();
const inMenuOfCard = async (name: string) => {
  await open(app.page, '/fleet');
  await card().getByRole('button', { name: /^More/ }).click();
  await app.page.getByRole('menuitem', { name }).click();
};
const closeTabs = async () => {
  for (let left = await dock().getByRole('tab').count(); left > 0; left--) {
    await focusTerminal();
    await app.page.keyboard.press('Alt+Shift+W');
  }
  await expect(dock().locator('.xterm')).toHaveCount(0);
};

test('a shell opens with its key, runs commands, and knows its size', async () => {
  await open(app.page, `/resources/pods?namespaces=${namespace}`);
  const row = app.page.getByRole('row').filter({ hasText: 'web' });
  await row.click();
  await app.page.keyboard.press('s');
  await expect(dock().getByRole('tab', { name: /web/ })).toBeVisible();
  await expect(screen()).toContainText('#');
  await type('echo "sum $((40 + 2))"; stty size\n');
  await expect(screen()).toContainText('sum 42');
  await expect(screen()).toContainText(/\d+ \d+/);
});

test('Ctrl-C belongs to the shell, and a flood gives way to it', async () => {
  await type('sleep 1000\n');
  await app.page.keyboard.press('Control+c');
  await expect(screen()).toContainText('^C');
  await type('yes flood\n');
  await expect(screen()).toContainText(/flood\s*flood/);
  await app.page.keyboard.press('Control+c');
  await type('echo "dry $((40 + 2))"\n');
  await expect(screen()).toContainText('dry 42');
});

test('the tab survives navigation, and the other container is one choice away', async () => {
  await open(app.page, '/fleet');
  await open(app.page, '/resources/nodes');
  await expect(screen()).toContainText('dry 42');
  await dock().getByRole('combobox', { name: 'Container' }).selectOption('sidecar');
  await expect(dock().getByRole('tab', { name: 'web · sidecar' })).toBeVisible();
  await expect(screen()).toContainText('started again');
});

test('an end has its exit code, and the same starts again', async () => {
  await focusTerminal();
  await type('exit 7\n');
  await expect(dock()).toContainText('Ended with exit code 7');
  await dock().getByRole('button', { name: 'Start again' }).last().click();
  await expect(dock().getByRole('status').filter({ hasText: 'exit code' })).toHaveCount(0);
  await focusTerminal();
  await type('echo "again $((40 + 2))"\n');
  await expect(screen()).toContainText('again 42');
});

test('a page that is loaded again has its terminals again, with what they showed', async () => {
  await app.page.reload();
  await expect(screen()).toContainText('again 42', { timeout: 30_000 });
  await focusTerminal();
  await type('echo "still $((40 + 3))"\n');
  await expect(screen()).toContainText('still 43');
});

test('what is shown is recorded when it is asked for, and played', async () => {
  await dock().getByRole('button', { name: 'Record', exact: true }).click();
  await expect(dock().getByText('Recorded', { exact: true })).toBeVisible();
  await focusTerminal();
  await type('clear; echo "kept $((40 + 4))"\n');
  await expect(screen()).toContainText('kept 44');
  await dock().getByRole('button', { name: 'Stop recording' }).click();
  await expect(dock().getByRole('button', { name: 'Record', exact: true })).toBeVisible();
  await open(app.page, '/recordings');
  await app.page.getByRole('link', { name: /^Play/ }).click();
  const player = app.page.getByRole('main');
  await expect(player.locator('.xterm-rows')).toContainText('kept 44');
  await expect(player).toContainText('As it was recorded');
  await app.page.getByRole('slider').fill('0');
  await app.page.getByRole('button', { name: 'Pause' }).click();
  await expect(app.page.getByRole('button', { name: 'Play' })).toBeVisible();
});

test('all pods of a workload are typed into together', async () => {
  await closeTabs();
  await open(app.page, `/resources/deployments.apps?namespaces=${namespace}`);
  await app.page.getByRole('row').filter({ hasText: 'several' }).click();
  await app.page.keyboard.press('Shift+S');
  await expect(dock().getByRole('tab', { name: /several-/ })).toHaveCount(2);
  await expect(dock()).toContainText('What you type goes to 2 terminals at once.');
  const screens = dock().locator('.xterm-rows').filter({ visible: true });
  await expect(screens).toHaveCount(2);
  for (const index of [0, 1]) await expect(screens.nth(index)).toContainText('#');
  await focusTerminal();
  await type('echo "on $(hostname)"\n');
  for (const index of [0, 1]) await expect(screens.nth(index)).toContainText(/on several-/);
  await closeTabs();
});

test('a shell on this computer is offered by the desktop alone, asks outside of the page, and has one context', async () => {
  await open(app.page, '/fleet');
  await card().getByRole('button', { name: /^More/ }).click();
  const local = app.page.getByRole('menuitem', { name: 'Shell on this computer' });
  if (app.desktop === undefined) {
    await expect(app.page.getByRole('menuitem', { name: 'Copy' }).first()).toBeVisible();
    await expect(local).toHaveCount(0);
    await app.page.keyboard.press('Escape');
    // Nor is it given to who asks for it without a menu.
    const cluster = (await card().getAttribute('data-cluster')) ?? '';
    const answer = await app.page.evaluate(async (key) => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/v1/ws`);
      await new Promise((resolve) => socket.addEventListener('open', resolve));
      const object = { cluster: key, kind: 'clusters', namespace: '', name: '' };
      const input = { target: { mode: 'local', object }, size: { columns: 80, rows: 24 } };
      const said = new Promise<string>((resolve) => socket.addEventListener('message', ({ data }) => resolve(data)));
      socket.send(JSON.stringify({ type: 'open', id: 1, to: 'terminal.open', input, credit: 1000 }));
      return said;
    }, cluster);
    expect(JSON.parse(answer)).toMatchObject({ type: 'err', error: { code: 'forbidden' } });
    return;
  }
  await app.desktop.evaluate(({ dialog }) => {
    const questions: string[] = [];
    Object.assign(globalThis, { questions });
    const showMessageBox = async (_window: unknown, { message }: { message: string }) => {
      questions.push(message);
      return { response: questions.length > 1 ? 1 : 0, checkboxChecked: false };
    };
    Object.assign(dialog, { showMessageBox });
  });
  await local.click();
  await expect(dock()).toContainText('It was not allowed');
  await dock().getByRole('button', { name: 'Start again' }).first().click();
  await expect(screen()).toContainText(/[#$%]\s*$/);
  const kubectl = join(
    execFileSync(process.env.KUBESAGE_KUBE ?? '', ['assets'], { encoding: 'utf8' }).trim(),
    'kubectl',
  );
  await type(
    `clear; ${kubectl} config get-contexts -o name | sed 's/^/only /'; ${kubectl} get namespace ${namespace} -o name\n`,
  );
  await expect(screen()).toContainText(`namespace/${namespace}`);
  expect((await screen().innerText()).match(/^only \S+/gm)).toHaveLength(1);
  await type('clear; stat -c "mode %a" "$KUBECONFIG"; echo "in $KUBECONFIG"\n');
  await expect(screen()).toContainText('mode 600');
  await expect(screen()).toContainText('kubesage-shell-');
  // Asked once while the program runs.
  await inMenuOfCard('Shell on this computer');
  await expect(dock().getByRole('tab', { name: 'This computer' })).toHaveCount(2);
  const questions = () => app.desktop?.evaluate(() => (globalThis as unknown as { questions: string[] }).questions);
  expect(await questions()).toHaveLength(2);
  await closeTabs();
});

test('a terminal of a protected cluster asks for its name and is recorded', async () => {
  await inMenuOfCard('Protect');
  const name = (await card().getByRole('heading').innerText()).trim();
  await open(app.page, `/resources/pods?namespaces=${namespace}`);
  await app.page.getByRole('row').filter({ hasText: 'web' }).click();
  await app.page.keyboard.press('s');
  await dock()
    .getByRole('textbox', { name: /protected/ })
    .fill(name);
  await dock().getByRole('button', { name: 'Open', exact: true }).click();
  await expect(screen()).toContainText('#');
  await expect(dock().getByText('Recorded', { exact: true })).toBeVisible();
  await expect(dock().getByRole('button', { name: 'Stop recording' })).toHaveCount(0);
  await closeTabs();
  await open(app.page, '/recordings');
  await expect(app.page.getByRole('row').nth(1)).toContainText('required');
});
