import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeAddons } from './addons.ts';
import { findApi, findResource, judgeApis, readRequested, usesOf } from './apiUse.ts';
import { addons } from './data/addons.ts';
import { apisOf, apiVersions } from './data/apis.ts';
import { kubernetesReleases } from './data/releases.ts';
import type { Evidence } from './evidence.ts';
import { judge, supportOf } from './judge.ts';
import { reportMarkdown } from './markdown.ts';
import { judgeSkew } from './skew.ts';
import { compareVersions, imageParts, minorOf } from './versions.ts';

const object = { cluster: 'c', kind: 'cronjobs.batch', namespace: 'shop', name: 'nightly' };
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const nowMs = Date.parse('2026-11-24T00:00:00Z');
const group = {
  kubelet: 'v1.34.2',
  runtime: 'containerd://2.1.0',
  os: 'Linux',
  kernel: '6.1',
  arch: 'amd64',
  cgroup: 2,
  count: 3,
  names: ['a', 'b', 'c'],
};

function evidence(change: Partial<Evidence> = {}): Evidence {
  return {
    at: nowMs,
    version: 'v1.34.2',
    uses: [],
    custom: [],
    images: [],
    nodes: [group],
    hazards: [],
    readings: [],
    ...change,
  };
}

function judged(found: Evidence, { version = found.version, target = 36, ticks = {} } = {}) {
  const report = judge(found, { cluster: 'c', name: 'prod', version, target, nowMs, ticks });
  if (report === undefined) throw new Error('No report');
  return report;
}

describe('versions', () => {
  test.each([
    ['v1.36.4', 36],
    ['v1.33.1-eks-4096722', 33],
    ['v1.35.0-gke.100', 35],
    ['1.37+', 37],
    ['latest', undefined],
    ['v2.1.0', undefined],
  ])('%s is minor %s', (text, minor) => {
    expect(minorOf(text)).toBe(minor);
  });

  test('are compared by their numbers', () => {
    expect(['v1.9.3', 'v1.10.0', 'v1.10.0-rc.1', 'v1.2.30'].sort(compareVersions)).toEqual([
      'v1.2.30',
      'v1.9.3',
      'v1.10.0',
      'v1.10.0-rc.1',
    ]);
  });

  test('images are taken apart', () => {
    expect(imageParts('registry.k8s.io:443/kube-proxy:v1.36.4@sha256:00')).toEqual({
      name: 'registry.k8s.io:443/kube-proxy',
      tag: 'v1.36.4',
    });
    expect(imageParts('localhost:5000/a/b')).toEqual({ name: 'localhost:5000/a/b', tag: '' });
  });
});

describe('the data', () => {
  test('knows what the migration guide of Kubernetes names', () => {
    expect(findApi('batch', 'v1beta1', 'CronJob')).toMatchObject({
      deprecated: 21,
      removed: 25,
      replacement: 'batch/v1 CronJob',
    });
    expect(findApi('flowcontrol.apiserver.k8s.io', 'v1beta3', 'FlowSchema')).toMatchObject({ removed: 32 });
    expect(findApi('autoscaling', 'v2beta2', 'HorizontalPodAutoscaler')).toMatchObject({ removed: 26 });
    expect(findApi('policy', 'v1beta1', 'PodSecurityPolicy')).toMatchObject({ removed: 25, replacement: '' });
    expect(findApi('apiextensions.k8s.io', 'v1beta1', 'CustomResourceDefinition')).toMatchObject({ removed: 22 });
    expect(findApi('networking.k8s.io', 'v1beta1', 'IngressClass')?.replacement).toBe(
      'networking.k8s.io/v1 IngressClass',
    );
    expect(findApi('', 'v1', 'Endpoints')).toMatchObject({ deprecated: 33, removed: null });
    expect(findApi('apps', 'v1', 'Deployment')).toBeUndefined();
  });

  test('finds a kind by the plural that metrics name', () => {
    expect(findResource('networking.k8s.io', 'v1beta1', 'ingresses')?.kind).toBe('Ingress');
    expect(findResource('networking.k8s.io', 'v1beta1', 'ipaddresses')?.kind).toBe('IPAddress');
    expect(findResource('', 'v1', 'endpoints')?.kind).toBe('Endpoints');
    expect(findResource('', 'v1', 'componentstatuses')?.kind).toBe('ComponentStatus');
    expect(findResource('extensions', 'v1beta1', 'networkpolicies')?.kind).toBe('NetworkPolicy');
  });

  test('is in order: deprecated before removed, no version twice, releases without gaps', () => {
    const keys = apiVersions.map(([apiGroup, version, kind]) => `${apiGroup}/${version}/${kind}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const [, , , , deprecated, removed] of apiVersions) if (removed > 0) expect(deprecated).toBeLessThan(removed);
    expect(kubernetesReleases[0]?.[0]).toBe(apisOf);
    for (const [at, [minor, released, ends]] of kubernetesReleases.entries()) {
      expect(minor).toBe(apisOf - at);
      expect(Date.parse(ends)).toBeGreaterThan(Date.parse(released));
    }
    for (const { versions, source } of addons) {
      expect(source.url).toMatch(/^https:/);
      for (const { from, to } of versions) expect(to ?? from).toBeGreaterThanOrEqual(from);
    }
  });
});

describe('API use', () => {
  test('is told by managed fields, once a manager with its newest moment, and by what was last applied', () => {
    const fields = (manager: string, time: string, apiVersion = 'batch/v1beta1') => ({
      apiVersion,
      manager,
      time,
      operation: 'Update',
    });
    const uses = usesOf(object, 'CronJob', {
      managedFields: [
        fields('old-operator', '2024-01-01T00:00:00Z'),
        fields('old-operator', '2025-01-01T00:00:00Z'),
        fields('kubectl', '2025-06-01T00:00:00Z', 'batch/v1'),
      ],
      annotations: { [lastApplied]: '{"apiVersion":"batch/v1beta1","kind":"CronJob"}' },
    });
    expect(uses).toEqual([
      {
        group: 'batch',
        version: 'v1beta1',
        kind: 'CronJob',
        via: 'fields',
        object,
        text: 'shop/nightly',
        writer: 'old-operator',
        at: Date.parse('2025-01-01'),
      },
      {
        group: 'batch',
        version: 'v1beta1',
        kind: 'CronJob',
        via: 'applied',
        object,
        text: 'shop/nightly',
        writer: 'kubectl apply',
        at: null,
      },
    ]);
  });

  test('an annotation that is no manifest tells nothing', () => {
    expect(usesOf(object, 'CronJob', { annotations: { [lastApplied]: 'not {' } })).toEqual([]);
    expect(usesOf(object, 'CronJob', { annotations: { [lastApplied]: '[]' } })).toEqual([]);
  });

  test('is read from the metric of the API server, zeros left out', () => {
    const metrics = `# TYPE apiserver_requested_deprecated_apis gauge
apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1
apiserver_requested_deprecated_apis{group="policy",removed_release="1.25",resource="poddisruptionbudgets",subresource="status",version="v1beta1"} 1
apiserver_requested_deprecated_apis{group="batch",removed_release="1.25",resource="cronjobs",subresource="",version="v1beta1"} 0
`;
    expect(readRequested(metrics)).toEqual([
      { group: '', version: 'v1', resource: 'endpoints', removed: '' },
      { group: 'policy', version: 'v1beta1', resource: 'poddisruptionbudgets/status', removed: '1.25' },
    ]);
  });

  test.each([
    [{ minor: 30, target: 31 }, 'note'],
    [{ minor: 31, target: 32 }, 'blocker'],
    [{ minor: 30, target: 33 }, 'blocker'],
    [{ minor: 32, target: 33 }, 'warning'],
  ])('of a version that 1.32 removes is, for %o, a %s', (hop, severity) => {
    const use = {
      group: 'flowcontrol.apiserver.k8s.io',
      version: 'v1beta3',
      kind: 'FlowSchema',
      via: 'fields' as const,
      text: 'x',
      writer: 'm',
      at: null,
    };
    expect(judgeApis([use], [], hop)).toMatchObject([
      { severity, removed: 32, replacement: 'flowcontrol.apiserver.k8s.io/v1 FlowSchema' },
    ]);
  });
});

describe('skew', () => {
  const of = (kubelet: string, minor: number, target: number) =>
    judgeSkew(
      { nodes: [{ ...group, kubelet }], images: [] },
      { cluster: 'c', version: `v1.${minor}.0`, minor, target },
    ).find(({ component }) => component === 'kubelet');

  test.each([
    ['v1.36.0', 36, 37, 'fine', 'behind', null],
    ['v1.33.0', 36, 37, 'behind', 'unsupported', 37],
    ['v1.34.0', 36, 39, 'behind', 'unsupported', 38],
    ['v1.32.0', 36, 37, 'unsupported', 'unsupported', 37],
    ['v1.37.0', 36, 38, 'unsupported', 'behind', null],
    // Kubelets before 1.25 are held to two.
    ['v1.24.0', 26, 27, 'behind', 'unsupported', 27],
    ['nightly', 36, 37, 'unknown', 'unknown', null],
  ])('a kubelet %s with 1.%i is, on the way to 1.%i: %s, then %s', (kubelet, minor, target, now, later, breaksAt) => {
    expect(of(kubelet, minor, target)).toMatchObject({ now, later, breaksAt });
  });

  test('components of the control plane are known by their images, whatever the registry calls them', () => {
    const images = [
      'registry.k8s.io/kube-scheduler:v1.34.0',
      'eks/kube-proxy:v1.34.2-eksbuild.1',
      'gke.gcr.io/kube-proxy-amd64:v1.36.2',
      'shop/kube:1',
    ].map((image) => ({ image, count: 2, objects: [] }));
    const rows = judgeSkew({ nodes: [], images }, { cluster: 'c', version: 'v1.36.1', minor: 36, target: 37 });
    expect(rows.map(({ component, now }) => `${component} ${now}`)).toEqual([
      'API server fine',
      'kube-scheduler unsupported',
      'kube-proxy behind',
      'kube-proxy fine',
    ]);
  });
});

describe('add-ons', () => {
  const of = (image: string, hop: { minor: number; target: number }, labels = {}) =>
    judgeAddons([{ image, count: 1, objects: [], labels }], hop)[0];

  test('a version is held against what its project says', () => {
    expect(of('quay.io/argoproj/argocd:v3.4.3', { minor: 34, target: 35 })).toMatchObject({
      name: 'Argo CD',
      version: '3.4.3',
      supports: '1.32 – 1.35',
      verdict: 'supported',
    });
    expect(of('quay.io/argoproj/argocd:v3.4.3', { minor: 34, target: 37 })).toMatchObject({
      verdict: 'notListed',
      breaksAt: 36,
    });
    expect(of('quay.io/argoproj/argocd:v3.4.3', { minor: 30, target: 31 })).toMatchObject({ verdict: 'unsupported' });
  });

  test('what is not in the data is unknown, and 3.40 is no 3.4', () => {
    expect(of('quay.io/argoproj/argocd:v3.40.0', { minor: 34, target: 35 })).toMatchObject({
      supports: '',
      verdict: 'unknown',
    });
    expect(of('coredns/coredns:1.12.0', { minor: 34, target: 35 })).toMatchObject({ verdict: 'unknown' });
    expect(of('docker.io/library/nginx:1.29', { minor: 34, target: 35 })).toBeUndefined();
  });

  test('where images have versions of their own, the label says which release it is', () => {
    const image = 'ghcr.io/fluxcd/source-controller:v1.7.0';
    expect(of(image, { minor: 33, target: 34 }, { 'app.kubernetes.io/version': 'v2.7.2' })).toMatchObject({
      version: '2.7.2',
      verdict: 'supported',
    });
    expect(of(image, { minor: 33, target: 34 })).toMatchObject({ version: '', verdict: 'unknown' });
  });
});

describe('a report', () => {
  test('support ends on the day that is known', () => {
    expect(supportOf(36, nowMs)).toEqual({ ends: '2027-06-28', state: 'supported' });
    expect(supportOf(34, nowMs)).toMatchObject({ state: 'ended' });
    expect(supportOf(35, Date.parse('2027-01-01'))).toMatchObject({ state: 'ending' });
    expect(supportOf(5, nowMs)).toEqual({ ends: null, state: 'ended' });
    expect(supportOf(99, nowMs)).toEqual({ ends: null, state: 'unknown' });
  });

  test('a runtime that is too old blocks the hop that needs a newer one, and only warns where it runs all the same', () => {
    const old = evidence({ nodes: [{ ...group, runtime: 'containerd://1.7.20' }] });
    const finding = (report: ReturnType<typeof judged>) =>
      report.findings.find(({ key }) => key === 'node/containerd1');
    expect(finding(judged(old, { target: 35 }))).toBeUndefined();
    expect(finding(judged(old))).toMatchObject({ severity: 'blocker', at: 36, phase: 'nodes' });
    expect(finding(judged(old, { version: 'v1.37.0', target: 38 }))).toMatchObject({ severity: 'warning' });
    const steps = judged(old).steps.filter(({ findings }) => findings.includes('node/containerd1'));
    expect(steps.map(({ key, state }) => `${key} ${state}`)).toEqual(['36/nodes/runtime blocked']);
  });

  test('cgroup v1 blocks 1.35', () => {
    const report = judged(evidence({ nodes: [{ ...group, cgroup: 1 }] }), { target: 35 });
    expect(report.findings.find(({ key }) => key === 'node/cgroup1')).toMatchObject({ severity: 'blocker' });
  });

  test('what could not be read is a finding', () => {
    const reading = {
      what: 'Admission webhooks',
      state: 'forbidden' as const,
      count: 0,
      message: 'You may not list them',
    };
    expect(judged(evidence({ readings: [reading] })).findings.find(({ key }) => key === 'unseen')?.evidence).toEqual([
      { text: 'Admission webhooks: You may not list them' },
    ]);
  });

  test('a plan has each step once, its hops in order, phases in order within a hop; ticks are found again', () => {
    const phases = ['before', 'controlPlane', 'nodes', 'after'];
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 36 }), fc.integer({ min: 1, max: 6 }), (minor, further) => {
        const found = evidence({
          version: `v1.${minor}.0`,
          uses: apiVersions.map(([apiGroup, version, kind]) => ({
            group: apiGroup,
            version,
            kind,
            via: 'fields' as const,
            text: 'x',
            writer: 'm',
            at: null,
          })),
        });
        const { steps, findings } = judged(found, { target: minor + further });
        expect(new Set(steps.map(({ key }) => key)).size).toBe(steps.length);
        const order = steps.map(({ to, phase }) => to * 10 + phases.indexOf(phase));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(new Set(steps.map(({ to }) => to))).toEqual(
          new Set(Array.from({ length: further }, (_, index) => minor + 1 + index)),
        );
        // No API finding is forgotten, and a removal stands before the hop that does it.
        for (const { key, at, severity } of findings.filter(({ area }) => area === 'api')) {
          const about = steps.filter((step) => step.findings.includes(key));
          expect(about).toHaveLength(1);
          if (severity === 'blocker') expect(about[0]?.to).toBe(at);
        }
        const [step] = steps;
        const again = judged(found, { target: minor + further, ticks: { [step?.key ?? '']: 7 } });
        expect(again.steps.filter(({ ticked }) => ticked !== null).map(({ key }) => key)).toEqual([step?.key]);
      }),
      { numRuns: 40 },
    );
  });

  test('as Markdown, names of a cluster begin no markup', () => {
    const nasty = { ...object, name: '`](javascript:x)<img>' };
    const report = judged(
      evidence({
        uses: [
          {
            group: 'batch',
            version: 'v1beta1',
            kind: 'CronJob',
            via: 'fields',
            object: nasty,
            text: '<b>`x`</b>\n# y',
            writer: '*',
            at: null,
          },
        ],
      }),
    );
    const text = reportMarkdown({ ...report, name: '# prod | [x](y)', changed: null });
    expect(text).toContain('# Upgrade of \\# prod \\| \\[x\\](y): v1.34.2 to 1.36');
    expect(text).not.toContain('<b>');
    expect(text).not.toContain('<img>');
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    expect(text).toContain('- [ ] **Take a backup of etcd');
  });
});
