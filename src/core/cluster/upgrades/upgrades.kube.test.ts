import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterTool, type RealEngine, saySkipped, startRealEngine } from '../../testing/realEngine.ts';
import type { Report, UpgradeRow } from './contract.ts';

/** A check of a real API server with objects that old clients wrote, a release of the real helm, and what blocks drains. */
saySkipped('upgrades on a real API server');

describe.skipIf(clusterTool === undefined)('upgrades', () => {
  const namespace = `upgrades-${process.pid}`;
  const group = `u${process.pid}.example.com`;
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-old-chart-'));
  let real: RealEngine;
  let report: Report;

  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: ['v1beta1', 'v1'].map((name) => ({
        name,
        served: true,
        storage: name === 'v1beta1',
        ...(name === 'v1beta1' && { deprecated: true, deprecationWarning: 'Widgets of v1beta1 go; use v1' }),
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      })),
    },
  };
  const labels = { app: 'guarded' };
  const objects = [
    { apiVersion: `${group}/v1beta1`, kind: 'Widget', metadata: { name: 'old', namespace }, spec: { size: 1 } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'bare', namespace, labels },
      spec: {
        containers: [
          {
            name: 'main',
            image: 'docker.io/library/busybox:1.36',
            imagePullPolicy: 'IfNotPresent',
            command: ['sleep', '86400'],
          },
        ],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'never', namespace },
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: `down-${namespace}` },
      webhooks: [
        {
          name: `down.${group}`,
          failurePolicy: 'Fail',
          sideEffects: 'None',
          admissionReviewVersions: ['v1'],
          clientConfig: { service: { namespace, name: 'nobody' } },
          rules: [{ apiGroups: [group], apiVersions: ['v9'], operations: ['CREATE'], resources: ['nothings'] }],
        },
      ],
    },
  ];
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'old',
      namespace,
    },
    spec: { defaultBackend: { service: { name: 'old', port: { number: 80 } } } },
  };

  beforeAll(async () => {
    real = await startRealEngine(`upgrades-${process.pid}`, { up: ['--nodes', '2'] });
    real.kubectl(['create', 'namespace', namespace]);
    real.kubectl(['create', '-f', '-'], JSON.stringify(definition));
    // kubectl fails where the definition has no condition yet.
    await real.until(
      () => void real.kubectl(['wait', '--for=condition=Established', `crd/widgets.${group}`, '--timeout=60s']),
    );
    for (const object of objects) {
      // A namespace has its service account, and a definition its endpoints, a moment later.
      await real.until(() => void real.kubectl(['create', '-f', '-'], JSON.stringify(object)));
    }
    real.kubectl(['create', '-f', '-'], JSON.stringify(ingress));
    // As kubectl of that time left it: servers of today refuse the version itself.
    const applied = JSON.stringify({ apiVersion: 'extensions/v1beta1', kind: 'Ingress', metadata: { name: 'old' } });
    const annotation = `kubectl.kubernetes.io/last-applied-configuration=${applied}`;
    real.kubectl(['annotate', 'ingress', 'old', annotation, '--namespace', namespace]);
    // New objects are kept in v1 from now on; the old one stays as it is in etcd.
    real.kubectl([
      'patch',
      `crd/widgets.${group}`,
      '--type=json',
      '-p',
      JSON.stringify([0, 1].map((at) => ({ op: 'replace', path: `/spec/versions/${at}/storage`, value: at === 1 }))),
    ]);
    // 1.37 still serves Endpoints, which are deprecated since 1.33: the metric counts who asks for them.
    real.kubectl(['get', 'endpoints', '--namespace', namespace]);
    installOldChart();
    await real.until(() => {
      const allowed = real.kubectl([
        'get',
        'pdb',
        'never',
        '--namespace',
        namespace,
        '-o',
        'jsonpath={.status.expectedPods}/{.status.disruptionsAllowed}/{.status.currentHealthy}',
      ]);
      expect(allowed).toBe('1/0/1');
    });
    report = await checked();
  }, 240_000);

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    real?.kubectl([
      'delete',
      'validatingwebhookconfiguration',
      `down-${namespace}`,
      '--ignore-not-found',
      '--wait=false',
    ]);
    real?.kubectl(['delete', 'crd', `widgets.${group}`, '--ignore-not-found', '--wait=false']);
    real?.kubectl(['delete', 'namespace', namespace, '--wait=false']);
    await real?.close();
  }, 60_000);

  /**
   * A release of the real helm, of which the stored manifest is changed to what a chart of long ago said: no server of today
   * would have let helm install it.
   */
  function installOldChart(): void {
    const helm = path.join(execFileSync(clusterTool as string, ['assets'], { encoding: 'utf8' }).trim(), 'helm');
    mkdirSync(path.join(folder, 'templates'), { recursive: true });
    writeFileSync(path.join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: old\nversion: 0.1.0\n');
    writeFileSync(
      path.join(folder, 'templates/job.yaml'),
      'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: nightly }\nspec:\n  suspend: true\n  schedule: "0 3 * * *"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: Never\n          containers: [{ name: main, image: "docker.io/library/busybox:1.36" }]\n',
    );
    execFileSync(helm, ['install', 'old', folder, '--kubeconfig', real.kubeconfig, '--namespace', namespace], {
      stdio: 'pipe',
    });
    const secret = 'sh.helm.release.v1.old.v1';
    const stored = real.kubectl(['get', 'secret', secret, '--namespace', namespace, '-o', 'jsonpath={.data.release}']);
    const body = JSON.parse(gunzipSync(Buffer.from(Buffer.from(stored, 'base64').toString(), 'base64')).toString()) as {
      manifest: string;
    };
    expect(body.manifest).toContain('apiVersion: batch/v1');
    body.manifest = body.manifest.replace('apiVersion: batch/v1', 'apiVersion: batch/v1beta1');
    const again = Buffer.from(gzipSync(JSON.stringify(body)).toString('base64')).toString('base64');
    real.kubectl([
      'patch',
      'secret',
      secret,
      '--namespace',
      namespace,
      '-p',
      JSON.stringify({ data: { release: again } }),
    ]);
  }

  const row = () =>
    new Promise<UpgradeRow>((resolve, reject) => {
      const following = real.client.upgrades.fleet(
        {},
        {
          change({ rows: [found] }) {
            if (found === undefined || found.check !== null) return;
            queueMicrotask(() => following.dispose());
            resolve(found);
          },
          error: reject,
        },
      );
    });

  async function checked(target = 38): Promise<Report> {
    const { cluster } = real;
    await real.client.upgrades.check({ cluster, target });
    const { problem } = await row();
    expect(problem).toBe('');
    const answer = await real.client.upgrades.report({ cluster });
    if (answer.report === null) throw new Error('No report');
    return answer.report;
  }

  const finding = (key: string) => report.findings.find((each) => each.key === key);
  const uses = (key: string) => report.apis.find((api) => api.key === key)?.uses ?? [];

  test('the version is known, with its end of support and a planned target', async () => {
    expect(report).toMatchObject({ version: 'v1.37.2', minor: 37, target: 38, planned: true });
    expect(await row()).toMatchObject({ support: 'supported', supportEnds: '2027-10-28', target: 38 });
    // Simulated nodes have no kubelet that could be asked.
    const unread = report.readings.filter(({ state }) => state !== 'read').map(({ what }) => what);
    expect(unread).toEqual(['cgroup versions (kubelets)']);
  });

  test('managed fields tell who writes a deprecated version of a custom kind, and that it is still stored', () => {
    const found = uses(`${group}/v1beta1/Widget`);
    expect(found).toContainEqual(
      expect.objectContaining({
        via: 'fields',
        text: `${namespace}/old`,
        writer: 'kubectl-create',
        object: { cluster: real.cluster, kind: `widgets.${group}`, namespace, name: 'old' },
      }),
    );
    expect(found.map(({ via }) => via)).toContain('stored');
    expect(finding(`api/${group}/v1beta1/Widget`)).toMatchObject({
      why: 'Widgets of v1beta1 go; use v1',
      severity: 'note',
    });
  });

  test('the API server says that deprecated versions were asked for', () => {
    expect(uses('/v1/Endpoints')).toContainEqual(
      expect.objectContaining({ via: 'metric', text: 'Requests for endpoints' }),
    );
  });

  test('what was last applied, and what helm stored, is read', () => {
    expect(uses('extensions/v1beta1/Ingress')).toEqual([
      expect.objectContaining({ via: 'applied', text: `${namespace}/old`, writer: 'kubectl apply' }),
    ]);
    expect(uses('batch/v1beta1/CronJob')).toEqual([
      expect.objectContaining({ via: 'helm', text: `CronJob nightly of release ${namespace}/old` }),
    ]);
    expect(finding('api/batch/v1beta1/CronJob')).toMatchObject({
      severity: 'warning',
      action: 'Change manifests, charts and clients to batch/v1 CronJob.',
    });
  });

  test('a budget that never allows an eviction, a webhook that is down and a pod of nobody are hazards', () => {
    const told = (key: string) => finding(`hazard/${key}`)?.evidence.map(({ object }) => object?.name) ?? [];
    expect(told('budgetNever')).toContain('never');
    expect(told('webhookDown')).toContain(`down-${namespace}`);
    expect(told('bare')).toContain('bare');
    const nodes = report.steps.find(({ key }) => key === '38/nodes/kubelets');
    expect(nodes).toMatchObject({ state: 'blocked' });
    expect(nodes?.findings).toContain('hazard/budgetNever');
  });

  test('what was mended is gone in the next check, and ticks stay', async () => {
    const { cluster } = real;
    await real.client.upgrades.tick({ cluster, step: '38/before/backup', done: true });
    real.kubectl(['delete', 'pdb', 'never', '--namespace', namespace]);
    report = await checked();
    expect(finding('hazard/budgetNever')?.evidence.some(({ object }) => object?.namespace === namespace) ?? false).toBe(
      false,
    );
    expect(report.changed?.gone).toContain(`Disruption budgets that never allow an eviction: ${namespace}/never`);
    expect(report.steps.find(({ key }) => key === '38/before/backup')?.ticked).not.toBeNull();
    const { text } = await real.client.upgrades.markdown({ cluster });
    expect(text).toContain('- [x] **Take a backup of etcd');
    expect(text).toContain(`${namespace}/old`);
  }, 120_000);

  test('a user who may only view is told what could not be read, and gets the rest', async () => {
    const viewer = await startRealEngine('viewer', { viewerOf: real });
    try {
      const { cluster } = viewer;
      await viewer.client.upgrades.check({ cluster });
      await viewer.until(async () => {
        const answer = await viewer.client.upgrades.report({ cluster });
        expect(answer.report).not.toBeNull();
        report = answer.report as Report;
      });
    } finally {
      await viewer.close();
    }
    const forbidden = report.readings.filter(({ state }) => state === 'forbidden').map(({ what }) => what);
    expect(forbidden).toContain('Requests for deprecated versions (metrics)');
    expect(forbidden).toContain('Manifests of Helm releases');
    expect(finding('unseen')?.evidence.length).toBeGreaterThanOrEqual(forbidden.length);
    expect(uses('extensions/v1beta1/Ingress')).toHaveLength(1);
  }, 120_000);

  test('a check can be ended', async () => {
    const { cluster } = real;
    await real.client.upgrades.check({ cluster });
    await expect(real.client.upgrades.check({ cluster })).rejects.toMatchObject({ code: 'conflict' });
    await real.client.upgrades.cancel({ cluster });
    expect(await row()).toMatchObject({ check: null, problem: '' });
  });

  test('a target that is not newer is refused', async () => {
    const { cluster } = real;
    await expect(real.client.upgrades.setTarget({ cluster, target: 37 })).rejects.toMatchObject({ code: 'invalid' });
    await expect(real.client.upgrades.check({ cluster, target: 36 })).rejects.toMatchObject({ code: 'invalid' });
  });
});
