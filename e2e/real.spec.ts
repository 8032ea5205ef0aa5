// Two real clusters: one with 20 simulated nodes and 2,000 pods, one with a real node whose containers run and crash.

import { fill } from '../bench/fleet/fill.ts';
import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

let wide: RealCluster;
let real: RealCluster;
let app: App;

const crashing = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: crashing, namespace: default, labels: { app: crashing } }
spec:
  replicas: 1
  selector: { matchLabels: { app: crashing } }
  template:
    metadata: { labels: { app: crashing } }
    spec:
      containers:
        - name: main
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo starting; sleep 1; exit 3']
        - name: sidecar
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'sleep 100000']
`;

const widgets = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.shop.example.com }
spec:
  group: shop.example.com
  scope: Namespaced
  names: { plural: widgets, singular: widget, kind: Widget, shortNames: [wd] }
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns:
        - { name: Colour, type: string, jsonPath: .spec.colour }
        - { name: Size, type: integer, jsonPath: .spec.size }
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, properties: { colour: { type: string }, size: { type: integer } } }
`;

const widget = `
apiVersion: shop.example.com/v1
kind: Widget
metadata: { name: first, namespace: default }
spec: { colour: teal, size: 42 }
`;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const host = hostOf(test.info());
  wide = startCluster(`wide-${host}`, { nodes: 20 });
  real = startCluster(`real-${host}`, { realNode: true });
  real.kubectl(['apply', '-f', '-'], crashing);
  await fill(wide.kubeconfig, 2_000, 20);
  app = await startApp(host, { kubeconfigs: [wide.kubeconfig, real.kubeconfig] });
});

test.afterAll(async () => {
  await app?.close();
  wide?.down();
  real?.down();
});

const goTo = (address: string) => open(app.page, address);

const row = (name: string | RegExp) => app.page.getByRole('row').filter({ hasText: name });

test('nothing is contacted before it is opened', async () => {
  await expect(app.page.getByRole('heading', { name: '2 contexts found, none contacted' })).toBeVisible();
  expect(wide.requests()).toBe(0);
});

test('both clusters open and are live', async () => {
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open 2/ }).click();
  for (const name of [wide.name, real.name]) {
    await expect(app.page.getByRole('article', { name: new RegExp(name) })).toContainText('Live');
  }
  await expect(app.page.getByRole('article', { name: new RegExp(wide.name) })).toContainText('20 / 20');
});

test('one list over both clusters shows all pods, the crashing one with its reason', async () => {
  await goTo('/resources/pods');
  await expect(app.page.getByText(/2,00[12] pods/).first()).toBeVisible();
  await app.page.keyboard.press('/');
  await app.page.keyboard.type('crashing');
  await expect(row(/crashing-/)).toContainText(/CrashLoopBackOff|Error/, { timeout: 60_000 });
});

test('a pod that kubectl deletes leaves the screen', async () => {
  const [namespace = '', name = ''] = wide
    .kubectl(['get', 'pods', '-A', '-o', 'jsonpath={.items[7].metadata.namespace} {.items[7].metadata.name}'])
    .split(' ');
  await goTo(`/resources/pods?filter=${name}`);
  await expect(row(name)).toBeVisible();
  wide.kubectl(['delete', 'pod', name, '--namespace', namespace, '--wait=false', '--grace-period=0', '--force']);
  await expect(row(name)).toHaveCount(0);
});

test('a custom resource definition appears with its columns, and goes', async () => {
  real.kubectl(['apply', '-f', '-'], widgets);
  await goTo('/resources/widgets.shop.example.com');
  real.kubectl(['wait', '--for=condition=Established', 'crd/widgets.shop.example.com', '--timeout=30s']);
  real.kubectl(['apply', '-f', '-'], widget);
  await expect(row('first')).toContainText('teal', { timeout: 30_000 });
  await expect(row('first')).toContainText('42');
  real.kubectl(['delete', 'crd', 'widgets.shop.example.com']);
  await expect(row('first')).toHaveCount(0, { timeout: 30_000 });
});

test('F2 a server that stops answering turns its cluster stale, and back', async () => {
  test.setTimeout(150_000);
  await goTo('/fleet');
  const card = app.page.getByRole('article', { name: new RegExp(wide.name) });
  await expect(card).toContainText('Live');
  wide.signal('kube-apiserver', 'SIGSTOP');
  try {
    await expect(card).toContainText(/stale/i, { timeout: 40_000 });
    await goTo('/resources/pods');
    await expect(app.page.getByText(new RegExp(`${wide.name}: as it was`)).first()).toBeVisible();
  } finally {
    wide.signal('kube-apiserver', 'SIGCONT');
  }
  await goTo('/fleet');
  await expect(card).toContainText('Live', { timeout: 60_000 });
});

test('a viewer sees what it may and is told what it may not', async () => {
  const host = hostOf(test.info());
  await app.close();
  app = await startApp(host, { kubeconfigs: [wide.viewerKubeconfig] });
  await app.page.getByRole('checkbox', { name: 'Choose all' }).check();
  await app.page.getByRole('button', { name: /^Open/ }).click();
  await goTo('/resources/pods');
  await expect(app.page.getByText(/(2,000|1,999) pods/).first()).toBeVisible();
  await goTo('/resources/secrets');
  await expect(app.page.getByText(/secrets is forbidden|may not list|not permitted|forbidden/i).first()).toBeVisible();
});
