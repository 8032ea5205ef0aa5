// YAML that is written, looked at and applied on a real API server: with completion, conflicts and undo.

import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

const namespace = `edit-e2e-${process.pid}`;
let real: RealCluster;
let app: App;

const settings = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: ${namespace} }
data: { color: green, size: small, unused: "1" }
`;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  real = startCluster(`edit-${host}`, { nodes: 1 });
  real.kubectl(['apply', '--server-side', '--field-manager=other', '-f', '-'], settings);
  app = await startApp(host, { kubeconfigs: [real.kubeconfig] });
  if (host === 'chromium') await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.getByRole('article').first()).toContainText('Live');
});

test.afterAll(async () => {
  await app?.close();
  real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  real?.down();
});

const panel = () => app.page.getByRole('region', { name: /^YAML of/ });
const data = () => JSON.parse(real.kubectl(['get', 'configmap', 'settings', '-n', namespace, '-o', 'json'])).data;
const write = async (text: string) => {
  await panel().locator('.monaco-editor').first().click();
  await app.page.keyboard.press('ControlOrMeta+A');
  // Pasted: what is typed is indented by the editor.
  await app.page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await app.page.keyboard.press('ControlOrMeta+V');
};
const configMap = (values: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: ${namespace}\ndata:\n${values}`;

test('e edits: the dry run is shown first, a field that is taken out goes, and Undo brings all back', async () => {
  await open(app.page, `/resources/configmaps?filter=ns:${namespace}`);
  await app.page.getByRole('row').filter({ hasText: 'settings' }).click();
  await app.page.keyboard.press('e');
  await expect(panel()).toContainText('color: green');
  await write(configMap('  color: red\n  size: small\n'));
  await app.page.keyboard.press('ControlOrMeta+S');
  const summary = panel().getByRole('complementary', { name: 'What would happen' });
  await expect(summary).toContainText('2 fields change');
  await expect(summary).toContainText('data.unused');
  expect(data().color).toBe('green');
  await app.page.keyboard.press('ControlOrMeta+S');
  await expect.poll(data).toEqual({ color: 'red', size: 'small' });
  await expect(app.page.getByText('Edit settings')).toBeVisible();
  await app.page.getByRole('button', { name: 'Undo' }).click();
  await expect.poll(data).toEqual({ color: 'green', size: 'small', unused: '1' });
  await expect(panel()).toContainText('color: green');
});

test('what somebody else changed meanwhile is told with its name, and can be merged', async () => {
  await write(configMap('  color: blue\n  size: large\n  unused: "1"\n'));
  real.kubectl(['patch', 'configmap', 'settings', '-n', namespace, '-p', '{"data":{"color":"black"}}']);
  await expect(panel()).toContainText('It was changed in the cluster since it was opened.');
  await app.page.keyboard.press('ControlOrMeta+S');
  await expect(panel()).toContainText('Somebody else changed the same');
  await expect(panel()).toContainText('by kubectl-patch');
  await expect(panel().getByRole('button', { name: /^Apply/ })).toBeDisabled();
  await panel().getByRole('button', { name: 'Merge' }).click();
  await expect(panel()).toContainText('color: black');
  await app.page.keyboard.press('ControlOrMeta+S');
  await expect(panel().getByRole('complementary')).toContainText('1 field changes');
  await app.page.keyboard.press('ControlOrMeta+S');
  await expect.poll(data).toEqual({ color: 'black', size: 'large', unused: '1' });
});

test('unsaved text asks before its tab is closed', async () => {
  await expect(panel()).toContainText('size: large');
  await write(configMap('  color: unsaved\n'));
  await app.page.keyboard.press('Alt+Shift+W');
  await expect(app.page.getByRole('dialog')).toContainText('Discard the changes of settings?');
  await app.page.getByRole('button', { name: 'Discard' }).click();
  await expect(panel()).toHaveCount(0);
});

test('a new text is completed and checked by the schema of the cluster, and its conflicts name their managers', async () => {
  await app.page.keyboard.press('Alt+N');
  await panel().getByRole('button', { name: 'Deployment and Service' }).click();
  await expect(panel()).toContainText('kind: Deployment');
  await write('apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replcas: 2\n');
  await expect(panel().getByRole('list', { name: 'Problems' })).toContainText('is replicas meant?');
  await app.page.keyboard.press('ControlOrMeta+End');
  await app.page.keyboard.type('  rev');
  await expect(app.page.locator('.suggest-widget')).toContainText('revisionHistoryLimit');
  await app.page.keyboard.press('Escape');
  await write(configMap('  color: white\n'));
  await app.page.keyboard.press('ControlOrMeta+S');
  await expect(panel()).toContainText('Others manage these fields');
  await expect(panel()).toContainText('managed by kubectl-patch');
  await panel().getByRole('button', { name: 'Take them over' }).click();
  await expect(panel().getByRole('button', { name: /^Apply/ })).toBeEnabled();
  await app.page.keyboard.press('ControlOrMeta+S');
  await expect.poll(() => data().color).toBe('white');
});
