// Every screen of the demo fleet in both themes and two sizes, for docs/screenshots. `npm run e2e -- screenshots`.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { type App, expect, startApp, test } from './app.ts';
import { chooseTheme, clusterId, demoIsLive, open, shownRows } from './demo.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'screenshots');
const sizes = [
  { suffix: '', width: 1440, height: 900 },
  { suffix: '-narrow', width: 1000, height: 700 },
] as const;

let app: App;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  mkdirSync(folder, { recursive: true });
  app = await startApp('chromium', { kubeconfigs: [] });
  await demoIsLive(app.page);
});

test.afterAll(() => app?.close());

const rows = async (page: Page, least = 1) => {
  await expect.poll(async () => (await shownRows(page)).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(least);
};

interface Screen {
  name: string;
  address(page: Page): Promise<string> | string;
  ready(page: Page): Promise<unknown>;
}

const firstPod = async (page: Page, filter: string, tab = '') => {
  await open(page, `/resources/pods?filter=${encodeURIComponent(filter)}`);
  await rows(page);
  await page.locator('[role=row][data-index] [aria-colindex="2"] a').first().click();
  await expect(page.getByRole('complementary').getByRole('tab', { name: 'Overview' })).toBeVisible();
  return `${page.url().split('#')[1]}${tab === '' ? '' : `&tab=${tab}`}`;
};
const drawer = (page: Page) => page.getByRole('complementary').getByRole('tabpanel');

let changed = false;
/** Labels three objects at once, so that there is something to be seen of changes. */
const changeSomething = async (page: Page) => {
  if (changed) return;
  changed = true;
  await open(page, '/resources/configmaps?filter=ns:checkout');
  await rows(page, 3);
  const lines = page.locator('[role=row][data-index]');
  for (const at of [0, 1, 2]) await lines.nth(at).getByRole('checkbox').click();
  await lines.first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Edit labels' }).click();
  const dialog = page.getByRole('dialog', { name: /^Edit labels/ });
  await dialog.getByRole('button', { name: 'Add a line' }).click();
  await dialog.getByLabel('Key', { exact: true }).last().fill('tier');
  await dialog
    .getByLabel(/^Value of/)
    .last()
    .fill('front');
  await dialog.getByRole('button', { name: 'Edit labels' }).click();
  await expect(page.getByRole('dialog').getByText('3 of 3 done')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
};

const screens: readonly Screen[] = [
  { name: 'fleet', address: () => '/fleet', ready: (page) => expect(page.locator('article')).toHaveCount(5) },
  {
    name: 'topology',
    address: () => '/topology',
    ready: (page) => expect(page.locator('canvas[data-nodes]:not([data-nodes="0"])')).toBeVisible(),
  },
  {
    name: 'topology-map',
    address: () => '/topology?form=map',
    ready: (page) => expect(page.locator('canvas[data-hosts]:not([data-hosts="0"])')).toBeVisible(),
  },
  { name: 'fleet-table', address: () => '/fleet?view=table', ready: (page) => rows(page, 0) },
  {
    name: 'cluster',
    address: async (page) => `/clusters/${await clusterId(page, 'prod-eu-west')}`,
    ready: (page) => expect(page.getByRole('heading', { name: 'prod-eu-west', level: 1 })).toBeVisible(),
  },
  { name: 'pods', address: () => '/resources/pods?sort=restarts%3Adesc', ready: (page) => rows(page, 15) },
  {
    name: 'pods-grouped',
    address: () => '/resources/pods?group=namespace',
    ready: (page) => expect(page.getByRole('region', { name: /^Grouped by/ })).toBeVisible(),
  },
  {
    name: 'pod',
    address: (page) => firstPod(page, 'status:crash'),
    ready: (page) => expect(drawer(page)).toContainText('Metadata'),
  },
  {
    name: 'pod-yaml',
    address: (page) => firstPod(page, 'status:crash', 'yaml'),
    ready: (page) => expect(page.locator('.monaco-editor')).toContainText('apiVersion', { timeout: 30_000 }),
  },
  {
    name: 'pod-relations',
    address: (page) => firstPod(page, 'status:crash', 'relations'),
    ready: (page) => expect(page.getByRole('list', { name: 'Relations' })).toBeVisible(),
  },
  {
    name: 'deployments',
    address: () => '/resources/deployments.apps',
    ready: (page) => rows(page, 15),
  },
  { name: 'nodes', address: () => '/resources/nodes', ready: (page) => rows(page, 15) },
  { name: 'events', address: () => '/resources/events', ready: (page) => rows(page, 5) },
  {
    name: 'certificates',
    address: () => '/resources/certificates.cert-manager.io',
    ready: (page) => rows(page, 3),
  },
  {
    name: 'empty',
    address: () => '/resources/pods?filter=nothing-is-called-so',
    ready: (page) => expect(page.getByText('No pods match the filter')).toBeVisible(),
  },
  {
    name: 'forbidden',
    address: async (page) => `/resources/nodes?clusters=${await clusterId(page, 'dev')}`,
    ready: (page) => expect(page.getByRole('heading', { name: 'You may not list nodes' })).toBeVisible(),
  },
  {
    name: 'helm-releases',
    address: () => '/helm',
    ready: async (page) => {
      await expect(page.getByRole('row').filter({ hasText: 'failed' })).toBeVisible({ timeout: 30_000 });
      await expect(page.getByRole('row').filter({ hasText: 'kube-prometheus-stack' }).first()).toContainText('79.5.0');
    },
  },
  {
    name: 'helm-resources',
    address: async (page) => `/helm/${await clusterId(page, 'prod-us-east')}/ingress-nginx/ingress-nginx?tab=resources`,
    ready: (page) => expect(page.getByText('1 object is otherwise than the manifest says.')).toBeVisible(),
  },
  {
    name: 'changes',
    address: async (page) => {
      await changeSomething(page);
      return '/changes';
    },
    ready: (page) => expect(page.getByRole('region', { name: 'In this session' })).toContainText('3 of 3 done'),
  },
  {
    name: 'definitions',
    address: () => '/crds',
    ready: (page) => expect(page.getByRole('link', { name: /^Certificate/ }).first()).toBeVisible(),
  },
  {
    name: 'definition',
    address: async (page) => `/crds/${await clusterId(page, 'prod-eu-west')}/certificates.cert-manager.io`,
    ready: (page) => expect(page.getByRole('heading', { level: 1 })).toContainText('Certificate'),
  },
  {
    name: 'settings-kubeconfig',
    address: () => '/settings/kubeconfig',
    ready: (page) => expect(page.getByText('Pasted kubeconfigs')).toBeVisible(),
  },
  {
    name: 'settings',
    address: () => '/settings/appearance',
    ready: (page) => expect(page.getByRole('heading', { name: 'Appearance', level: 1 })).toBeVisible(),
  },
  {
    name: 'keyboard',
    address: () => '/settings/keyboard',
    ready: (page) => expect(page.getByRole('heading', { name: 'Keyboard', level: 1 })).toBeVisible(),
  },
];

for (const screen of screens) {
  test(screen.name, async () => {
    const { page } = app;
    await page.setViewportSize({ width: 1440, height: 900 });
    await open(page, await screen.address(page));
    await screen.ready(page);
    for (const theme of ['light', 'dark'] as const) {
      await chooseTheme(page, theme);
      for (const { suffix, width, height } of sizes) {
        await page.setViewportSize({ width, height });
        await screen.ready(page);
        await picture(page, `${screen.name}-${theme}${suffix}`);
      }
    }
  });
}

test('action', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, '/resources/deployments.apps?filter=name:checkout');
  await rows(page);
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(page, theme);
    await page.locator('[role=row][data-index]').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Scale' }).click();
    const dialog = page.getByRole('dialog', { name: /^Scale/ });
    await dialog.getByLabel('Replicas').fill('7');
    await expect(dialog.getByText('spec.replicas')).toBeVisible();
    await picture(page, `action-${theme}`);
    await page.keyboard.press('Escape');
  }
});

test('palette', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, '/resources/pods');
  await rows(page, 10);
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(page, theme);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('mailer');
    await expect(page.getByRole('option').filter({ hasText: 'mailer' }).first()).toBeVisible();
    await picture(page, `palette-${theme}`);
    await page.keyboard.press('Escape');
  }
});

test('columns', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, '/resources/pods');
  await rows(page, 10);
  await chooseTheme(page, 'light');
  await page.getByRole('button', { name: 'Columns' }).click();
  await expect(page.getByRole('dialog', { name: 'Columns' })).toBeVisible();
  await picture(page, 'columns-light');
  await page.keyboard.press('Escape');
});

test('a closed cluster', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 1440, height: 900 });
  await chooseTheme(page, 'light');
  await open(page, '/fleet');
  const card = page.locator('article').filter({ hasText: 'edge-berlin' });
  await card.getByRole('button', { name: 'More actions for edge-berlin' }).click();
  await page.getByRole('menuitem', { name: 'Close' }).click();
  await expect(card).toContainText('Closed');
  await picture(page, 'fleet-closed-light');
  await open(page, `/resources/pods?clusters=${await clusterId(page, 'edge-berlin')}`);
  await rows(page, 10);
  await picture(page, 'pods-closed-light');
});

test('logs in the dock', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, '/resources/deployments.apps?filter=catalog');
  await rows(page);
  await page.locator('[role=row][data-index] [aria-colindex="2"]').first().click();
  await page.keyboard.press('l');
  const lines = page.getByRole('log', { name: 'Lines' });
  await expect(lines.locator('time').first()).toBeVisible();
  await lines.focus();
  await page.keyboard.press('f');
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(page, theme);
    await picture(page, `logs-${theme}`);
  }
  await page.getByRole('button', { name: /^Close / }).click();
});

test('an editor in the dock', async () => {
  const { page } = app;
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, '/resources/deployments.apps?filter=catalog');
  await rows(page);
  await page.locator('[role=row][data-index] [aria-colindex="2"]').first().click();
  await page.keyboard.press('e');
  await expect(page.locator('.monaco-editor').first()).toContainText('apiVersion', { timeout: 30_000 });
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(page, theme);
    await picture(page, `editor-${theme}`);
  }
  await page.getByRole('button', { name: /^Close / }).click();
});

test('the first run', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kubesage-first-')), 'config');
  writeFileSync(file, firstKubeconfig, { mode: 0o600 });
  const first = await startApp('chromium', { kubeconfigs: [file] });
  await expect(first.page.getByRole('heading', { name: /contexts found, none contacted/ })).toBeVisible();
  for (const theme of ['light', 'dark'] as const) {
    await chooseTheme(first.page, theme);
    await picture(first.page, `first-run-${theme}`);
  }
  await first.close();
});

/** Nothing of it is ever contacted. */
const firstKubeconfig = `
apiVersion: v1
kind: Config
clusters:
  - { name: prod, cluster: { server: 'https://prod.example.com:6443' } }
  - { name: staging, cluster: { server: 'https://staging.example.com:6443' } }
  - { name: lab, cluster: { server: 'https://192.0.2.10:6443', insecure-skip-tls-verify: true } }
users:
  - { name: ops, user: { exec: { apiVersion: client.authentication.k8s.io/v1, command: kubelogin, args: [get-token], interactiveMode: Never } } }
  - { name: lab-admin, user: { token: not-a-real-token } }
contexts:
  - { name: prod-eu, context: { cluster: prod, user: ops } }
  - { name: staging-eu, context: { cluster: staging, user: ops, namespace: shop } }
  - { name: lab, context: { cluster: lab, user: lab-admin } }
current-context: staging-eu
`;

/** Still: no pointer on a row, no message in a corner, nothing that moves. */
async function picture(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' });
}
