// Repositories, a registry and a chart's own page, with the real helm; installed on a real cluster from its page.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type OciRegistry, startOciRegistry } from '../src/core/testing/ociRegistry.ts';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';
import { takePicture } from './pictures.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'kubesage-charts-'));
const served = join(folder, 'served');

const readme = (version: string) => `# till

A **till** for the shop, version ${version}. Counts \`coins\` and says how many there were.

## Install

\`\`\`console
helm install till acorn/till
\`\`\`

## Values

| Name | Description | Default |
|------|-------------|---------|
| \`coins\` | How many there are at first | \`10\` |
| \`drawer.locked\` | Nobody opens it | \`true\` |
| \`drawer.color\` | Of its front | \`green\` |

Written by [acorn](https://acorn.example.com).
`;
const schema = {
  type: 'object',
  properties: {
    coins: { type: 'integer', minimum: 0, title: 'Coins', description: 'How many there are at first' },
    greeting: { type: 'string', title: 'Greeting' },
    drawer: {
      type: 'object',
      title: 'Drawer',
      properties: {
        locked: { type: 'boolean', title: 'Locked', description: 'Nobody opens it' },
        color: { type: 'string', title: 'Color', enum: ['green', 'red', 'blue'] },
      },
    },
    labels: { type: 'object', title: 'Labels', additionalProperties: { type: 'string' } },
    slots: { type: 'array', title: 'Slots', items: { type: 'string' } },
  },
};
const filesOf = (name: string, version: string, more = '') => ({
  'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: "7.${version}"\ndescription: ${name === 'till' ? 'Counts the coins of the shop' : 'A box of paper, kept for what still needs one'}\nhome: https://acorn.example.com/${name}\nkubeVersion: ">=1.25.0-0"\nkeywords: [shop, coins]\nmaintainers:\n  - name: acorn\n    email: shop@acorn.example.com\n${more}`,
  'values.yaml':
    '# How many there are at first\ncoins: 10\ngreeting: hello\ndrawer:\n  # Nobody opens it\n  locked: true\n  color: green\nlabels: {}\nslots: []\n',
  'values.schema.json': JSON.stringify(schema),
  'README.md': readme(version),
  'templates/all.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }} }\ndata: { coins: {{ .Values.coins | quote }}, color: {{ .Values.drawer.color }} }\n',
});

let binary = '';
let env: Record<string, string> = {};
let namespace: string;
let cluster: RealCluster;
let server: Server;
let url = '';
let oci: OciRegistry;
let app: App;

const pack = async (name: string, version: string, more = '') => {
  const place = join(folder, `${name}-${version}`);
  for (const [file, text] of Object.entries(filesOf(name, version, more))) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    writeFileSync(join(place, file), text);
  }
  await run(binary, ['package', place, '--destination', served], { env });
};

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  namespace = `charts-${host}-${process.pid}`;
  const { stdout } = await run(process.env.KUBESAGE_KUBE ?? '', ['assets']);
  binary = join(stdout.trim(), 'helm');
  env = { HOME: folder, PATH: '/usr/bin:/bin' };
  process.env.KUBESAGE_HELM = binary;
  mkdirSync(served);
  await pack('till', '1.0.0');
  await pack('till', '1.1.0');
  await pack('ledger', '0.4.2', 'deprecated: true\n');
  await run(binary, ['repo', 'index', served], { env });
  server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(served, basename(request.url ?? ''))));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  oci = await startOciRegistry();
  await run(binary, ['push', join(served, 'till-1.1.0.tgz'), `oci://${oci.host}/acorn`, '--plain-http'], { env });
  cluster = startCluster(`charts-${host}`, { nodes: 1 });
  cluster.kubectl(['create', 'namespace', namespace]);
  app = await startApp(host, { kubeconfigs: [cluster.kubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.locator('article').filter({ hasText: 'Live' })).toHaveCount(1);
});

test.afterAll(async () => {
  await app?.close();
  await oci?.close();
  await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  cluster?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  cluster?.down();
  rmSync(folder, { recursive: true, force: true });
  delete process.env.KUBESAGE_HELM;
});

const picture = (name: string) => takePicture(app.page, name);

test('a repository is added, and its charts are found', async () => {
  const { page } = app;
  await open(page, '/helm/charts');
  await expect(page.getByRole('heading', { name: 'Helm knows no repository' })).toBeVisible();
  await page.getByRole('button', { name: 'Add a repository…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Repositories' });
  await dialog.getByLabel('Name', { exact: true }).fill('acorn');
  await dialog.getByLabel('Address', { exact: true }).fill(url);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByRole('row').filter({ hasText: url })).toBeVisible();
  await picture('helm-repositories');
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByRole('row').filter({ hasText: 'acorn/ledger' })).toContainText('Deprecated');
  await picture('helm-charts');
  await page.getByRole('textbox', { name: /^Search charts/ }).fill('coins');
  await expect(page.getByRole('row')).toHaveCount(2);
});

test('a chart says what it is, in each version, and is installed from there by its form', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'acorn/till' }).click();
  await expect(page.getByText('A till for the shop, version 1.1.0.')).toBeVisible();
  await picture('helm-chart');
  await page.getByLabel('Version of the chart').selectOption('1.0.0');
  await expect(page.getByText('A till for the shop, version 1.0.0.')).toBeVisible();
  await page.getByRole('tab', { name: 'Values' }).click();
  await expect(page.getByText('# How many there are at first')).toBeVisible();
  await page.getByRole('button', { name: 'Install…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Install' });
  await expect(dialog.getByLabel('Name of the release')).toHaveValue('till');
  await dialog.getByLabel('Namespace', { exact: true }).fill(namespace);
  await dialog.getByRole('radio', { name: 'Form' }).click();
  await dialog.getByLabel('Coins').fill('12');
  await dialog.getByLabel('Color').selectOption('red');
  await picture('helm-form');
  await dialog.getByRole('radio', { name: 'YAML' }).click();
  // What the form does not know stays, with its comments.
  await expect(dialog.locator('.monaco-editor')).toContainText('# How many there are at first');
  await expect(dialog.locator('.monaco-editor')).toContainText('coins: 12');
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await expect(dialog.getByText('v1 ConfigMap till')).toBeVisible();
  await dialog.getByRole('button', { name: 'Install', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('Revision 1: deployed').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  expect(cluster.kubectl(['get', 'configmap', 'till', '-n', namespace, '-o', 'jsonpath={.data}'])).toBe(
    '{"coins":"12","color":"red"}',
  );
});

test('a newer version is offered for an upgrade, and its changes are shown first', async () => {
  const { page } = app;
  await open(page, `/helm?namespaces=${namespace}`);
  await page.getByRole('row').filter({ hasText: 'till' }).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Upgrade…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Upgrade: till' });
  await dialog.getByRole('button', { name: 'acorn/till 1.1.0' }).click();
  await expect(dialog.getByLabel('Version of the chart')).toHaveValue('1.1.0');
  await dialog.getByRole('button', { name: 'Show what changes' }).click();
  await expect(dialog.getByText('Nothing differs.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Upgrade', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('Revision 2: deployed').first()).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByText('till 1.1.0')).toBeVisible();
});

test('a chart of a registry is opened by its address', async () => {
  const { page } = app;
  await open(page, '/helm/charts');
  await page.getByRole('textbox', { name: /^Search charts/ }).fill(`oci://${oci.host}/acorn/till`);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'till', level: 1 })).toBeVisible();
  await expect(page.getByText('A till for the shop, version 1.1.0.')).toBeVisible();
});
