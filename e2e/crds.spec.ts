// Custom resources on a real API server: read as documentation, created by a form.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';

const why = noClusters();
// The largest definition takes its time on a busy machine.
test.describe.configure({ mode: 'serial', timeout: 180_000 });
test.skip(why !== null, why ?? '');

const namespace = `crds-e2e-${process.pid}`;
const group = `crds${process.pid}.test.kubesage.dev`;
const name = `gadgets.${group}`;
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: ${name} }
spec:
  group: ${group}
  scope: Namespaced
  names: { kind: Gadget, plural: gadgets }
  versions:
    - name: v1beta1
      served: true
      storage: false
      deprecated: true
      deprecationWarning: Gadgets of v1beta1 end in spring.
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { size: { type: string }, old: { type: boolean } } }
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns: [{ name: Size, type: integer, jsonPath: .spec.size }]
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              required: [size, colour]
              properties:
                size: { type: integer, minimum: 1, maximum: 90, description: How large it is. }
                colour: { type: string, enum: [red, green], description: What it looks like from afar. }
                words: { type: object, additionalProperties: { type: string } }
                parts:
                  type: array
                  items: { type: object, required: [name], properties: { name: { type: string }, weight: { type: integer } } }
              x-kubernetes-validations: [{ rule: "self.size != 13", message: bad luck }]
`;

let real: RealCluster;
let app: App;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  real = startCluster(`crds-${host}`, { nodes: 1 });
  real.kubectl(['create', 'namespace', namespace]);
  real.kubectl(['apply', '-f', '-'], definition);
  real.kubectl(['wait', '--for=condition=Established', `crd/${name}`, '--timeout=60s']);
  app = await startApp(host, { kubeconfigs: [real.kubeconfig] });
  if (host === 'chromium') await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 1/ }).click();
  await expect(app.page.getByRole('article').first()).toContainText('Live');
});

test.afterAll(async () => {
  await app?.close();
  real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  real?.kubectl(['delete', 'crd', name, '--wait=false']);
  real?.down();
});

const gadget = (called: string) => JSON.parse(real.kubectl(['get', name, called, '-n', namespace, '-o', 'json']));
const panel = () => app.page.getByRole('region', { name: /^YAML of/ });
const field = (pointer: string) => panel().locator(`[data-pointer="${pointer}"]`);
const accessible = async () => {
  const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
};

test('a definition reads as documentation: search, one field, versions and their differences', async () => {
  const { page } = app;
  await open(page, `/crds?filter=${group}`);
  const row = page.getByRole('row').filter({ hasText: group });
  await expect(row).toContainText('v1beta1');
  await expect(row).toContainText('Established');
  await accessible();
  await row.getByRole('link', { name: 'Gadget', exact: true }).click();
  await expect(page.getByRole('treeitem').filter({ hasText: 'colour' })).toContainText('required');
  await page.getByLabel('Search names and descriptions').fill('from afar');
  await page.getByRole('list', { name: 'Fields that were found' }).getByRole('button').click();
  const article = page.getByRole('article', { name: 'spec.colour' });
  await expect(article).toContainText('What it looks like from afar.');
  await expect(article).toContainText('red');
  await expect(page).toHaveURL(/field=spec\.colour/);
  await page.getByRole('treeitem').filter({ hasText: /^spec/ }).click();
  await expect(page.getByRole('article', { name: 'spec' })).toContainText('self.size != 13');
  await accessible();
  await page.getByRole('tab', { name: /Versions/ }).click();
  const changes = page.locator('[data-change]');
  await expect(changes.filter({ hasText: 'spec.size' })).toContainText('type: string → integer');
  await expect(changes.filter({ hasText: 'spec.old' })).toContainText('Removed');
  await page.getByRole('tab', { name: 'Definition' }).click();
  await expect(page.getByRole('row').filter({ hasText: '.spec.size' })).toContainText('Size');
  await page.getByLabel('Version', { exact: true }).selectOption('v1beta1');
  await expect(page.getByText('Gadgets of v1beta1 end in spring.')).toBeVisible();
});

test('a built-in kind is explained from its object', async () => {
  const { page } = app;
  await open(page, `/resources/configmaps?filter=ns:${namespace}`);
  await page.getByRole('row').filter({ hasText: 'kube-root-ca.crt' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Explain the kind' }).click();
  await expect(page.getByRole('heading', { name: 'ConfigMap', exact: true })).toBeVisible();
  await expect(page.getByRole('treeitem').filter({ hasText: 'immutable' })).toBeVisible();
});

test('the largest published definition stays usable: ten thousand fields, searched and entered', async () => {
  const { page } = app;
  const published = join(import.meta.dirname, '../src/core/testing/published/kube-prometheus.yaml.gz');
  const text = gunzipSync(readFileSync(published))
    .toString('utf8')
    .split(/^---.*\n/m)
    .find((each) => /^ {2}name: prometheuses\.monitoring\.coreos\.com$/m.test(each));
  real.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], text ?? '');
  await open(page, '/crds?filter=prometheuses');
  await page.getByRole('link', { name: 'Prometheus', exact: true }).click();
  await page.getByLabel('Search names and descriptions').fill('preferredDuringScheduling topologyKey');
  await page.getByRole('list', { name: 'Fields that were found' }).getByRole('button').first().click();
  await expect(page.getByRole('article')).toContainText('required');
  await page.getByRole('button', { name: 'Create…' }).click();
  await panel()
    .getByRole('button', { name: /more fields of spec/ })
    .click();
  await panel().getByLabel('Search fields').fill('retention');
  await panel()
    .getByRole('button', { name: /^retention string/ })
    .click();
  await field('/spec/retention').getByRole('textbox').fill('next week');
  await expect(field('/spec/retention').getByRole('alert')).toBeVisible();
  await field('/spec/retention').getByRole('textbox').fill('10d');
  await expect(field('/spec/retention').getByRole('alert')).toHaveCount(0);
  await page.getByRole('radio', { name: 'YAML' }).click();
  await expect(panel().locator('.monaco-editor').first()).toContainText('retention: 10d');
  await page.getByRole('button', { name: /^Close New objects/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
});

test('a form and its text are in step, and the object is created', async () => {
  const { page } = app;
  await open(page, `/resources/${name}?namespaces=${namespace}`);
  await page.getByRole('button', { name: 'Create Gadget…' }).click();
  await expect(field('/spec/size')).toContainText('How large it is.');
  await field('/spec/size').getByRole('textbox').fill('120');
  await expect(field('/spec/size').getByRole('alert')).toContainText('90');
  await field('/spec/size').getByRole('textbox').fill('7');
  await expect(field('/spec/size').getByRole('alert')).toHaveCount(0);
  await field('/spec/colour').getByRole('combobox').selectOption('green');
  await panel()
    .getByRole('button', { name: /more fields of spec/ })
    .click();
  await panel()
    .getByRole('button', { name: /^parts/ })
    .click();
  await panel().getByRole('button', { name: 'Add to parts' }).click();
  await field('/spec/parts/0/name').getByRole('textbox').fill('wheel');
  await page.getByRole('radio', { name: 'YAML' }).click();
  await expect(panel().locator('.monaco-editor').first()).toContainText('name: wheel');
  await expect(panel().locator('.monaco-editor').first()).toContainText('colour: green');
  await page.keyboard.press('ControlOrMeta+s');
  await expect(panel().getByRole('complementary')).toContainText('It will be created');
  await page.keyboard.press('ControlOrMeta+s');
  await expect.poll(() => real.kubectl(['get', name, '-n', namespace, '-o', 'name'])).toContain('my-gadget');
  expect(gadget('my-gadget').spec).toEqual({ size: 7, colour: 'green', parts: [{ name: 'wheel' }] });
  await page.getByRole('button', { name: /^Close New objects/ }).click();
});
