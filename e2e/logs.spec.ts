// The logs of containers that really run: a workload whose pods count, crash and are replaced.

import { type App, expect, hostOf, startApp, test } from './app.ts';
import { noClusters, type RealCluster, startCluster } from './clusters.ts';
import { open } from './demo.ts';

const why = noClusters();
test.describe.configure({ mode: 'serial' });
test.skip(why !== null, why ?? '');

const namespace = `logs-e2e-${process.pid}`;
let real: RealCluster;
let app: App;

const manifests = `
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace} }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: shop, namespace: ${namespace} }
spec:
  replicas: 3
  selector: { matchLabels: { app: shop } }
  template:
    metadata:
      labels: { app: shop }
      annotations: { kubectl.kubernetes.io/default-container: web }
    spec:
      nodeSelector: { kubernetes.io/hostname: real-1 }
      terminationGracePeriodSeconds: 1
      containers:
        - name: web
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command:
            - sh
            - -c
            - |
              i=0
              while [ $i -lt 400 ]; do
                i=$((i+1))
                case $((i%8)) in
                  0) echo "{\\"level\\":\\"error\\",\\"msg\\":\\"payment refused\\",\\"order\\":$i,\\"code\\":402}" ;;
                  1) printf '\\033[32mINFO\\033[0m GET /cart/%s \\033[1m200\\033[0m\\n' $i ;;
                  2) echo "level=warn msg=\\"slow answer\\" order=$i ms=812" ;;
                  *) echo "{\\"level\\":\\"info\\",\\"msg\\":\\"order placed\\",\\"order\\":$i,\\"customer\\":\\"c-$((i*7))\\"}" ;;
                esac
                [ $((i%20)) = 0 ] && sleep 0.2
              done
              sleep 12
              exit 1
        - name: proxy
          image: docker.io/library/busybox:1.36
          imagePullPolicy: IfNotPresent
          command: [sh, -c, 'echo "proxy listens on :15001"; sleep 100000']
`;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  const host = hostOf(test.info());
  real = startCluster(`logs-${host}`, { realNode: true });
  real.kubectl(['apply', '-f', '-'], manifests);
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

const lines = () => app.page.getByRole('log', { name: 'Lines' });
const chips = () => app.page.getByRole('group', { name: 'Containers that write' }).getByRole('button');

test('l opens the merged logs of a workload, a colour and a chip for each pod', async () => {
  await open(app.page, `/resources/deployments.apps?filter=ns:${namespace}`);
  await app.page.getByRole('row').filter({ hasText: 'shop' }).click();
  await app.page.keyboard.press('l');
  await expect(lines()).toContainText('order placed');
  await expect(chips()).toHaveCount(3);
  await expect(lines()).toContainText('payment refused  order=');
  expect(await lines().locator('time').count()).toBeLessThan(200);
});

test('a search keeps what matches, an expression too, and the other lines come back', async () => {
  await lines().focus();
  await app.page.keyboard.press('/');
  await app.page.keyboard.type('refused');
  await expect(app.page.getByText(/^\d+ matches$/)).toBeVisible();
  await expect(lines()).not.toContainText('order placed');
  await expect(lines().locator('mark').first()).toHaveText('refused');
  await app.page.getByRole('button', { name: 'Only lines that match' }).click();
  await expect(lines()).toContainText('order placed');
  await app.page.keyboard.press('Escape');
});

test('errors can be hidden, a pod can be hidden, lines wrap', async () => {
  await app.page.getByRole('textbox', { name: 'Find' }).fill('');
  await app.page.getByRole('button', { name: /^Errors/ }).click();
  await expect(lines()).not.toContainText('payment refused');
  await app.page.getByRole('button', { name: /^Errors/ }).click();
  await expect(lines()).toContainText('payment refused');
  await lines().focus();
  await app.page.keyboard.press('w');
  await expect(app.page.getByRole('button', { name: 'Wrap long lines' })).toHaveAttribute('aria-pressed', 'true');
  await app.page.keyboard.press('w');
});

test('scrolling up stops at what is read, and the button goes back to the newest line', async () => {
  await lines().hover();
  await app.page.mouse.wheel(0, -600);
  const newer = app.page.getByRole('button', { name: /new line|To the newest line/ });
  await expect(newer).toBeVisible();
  await newer.click();
  await expect(newer).toHaveCount(0);
});

test('a pod that is deleted is replaced in the same tab', async () => {
  const pod = real.kubectl(['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[0].metadata.name}']);
  real.kubectl(['delete', 'pod', pod, '-n', namespace, '--wait=false']);
  await expect(chips()).toHaveCount(4);
  await expect(app.page.locator('[data-state="gone"]')).toHaveCount(1, { timeout: 30_000 });
});

test('other containers are chosen by name', async () => {
  await app.page.getByRole('button', { name: 'Default containers' }).click();
  await app.page.getByRole('option', { name: /proxy/ }).click();
  await app.page.keyboard.press('Escape');
  await expect(lines()).toContainText('proxy listens on :15001');
  await expect(lines()).not.toContainText('order placed');
});
