import { createHash } from 'node:crypto';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoFleet, type DemoFleet } from './demoFleet.ts';
import { type Fields, listAt, recordAt, textAt } from './objects.ts';
import { pastMs } from './scenario/fleet.ts';
import { pastVersions } from './scenario/past.ts';

const reader = (kubeconfig: string) => {
  const config: unknown = JSON.parse(kubeconfig);
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  return {
    async get(context: string, path: string): Promise<{ status: number; json: Fields }> {
      const index = listAt(config, 'contexts').findIndex((entry) => textAt(entry, 'name') === context);
      const server = textAt(listAt(config, 'clusters')[index], 'cluster.server');
      const authorization = `Bearer ${textAt(listAt(config, 'users')[index], 'user.token')}`;
      const answer = await request(`${server}${path}`, { dispatcher: agent, headers: { authorization } });
      return { status: answer.statusCode, json: (await answer.body.json()) as Fields };
    },
    contexts: () => listAt(config, 'contexts').map((entry) => textAt(entry, 'name')),
    close: () => agent.destroy(),
  };
};

describe('the demo fleet', () => {
  let fleet: DemoFleet;
  let clusters: ReturnType<typeof reader>;
  beforeAll(async () => {
    fleet = await createDemoFleet();
    clusters = reader(fleet.kubeconfig);
  }, 120_000);
  afterAll(async () => {
    await clusters.close();
    fleet.dispose();
  });

  it('is five clusters with well over a thousand pods, most of them running', async () => {
    expect(clusters.contexts()).toEqual(['prod-eu-west', 'prod-us-east', 'staging', 'edge-berlin', 'dev']);
    let [pods, running] = [0, 0];
    for (const context of clusters.contexts().slice(0, 4)) {
      const { json } = await clusters.get(context, '/api/v1/pods');
      pods += listAt(json, 'items').length;
      running += listAt(json, 'items').filter((pod) => textAt(pod, 'status.phase') === 'Running').length;
    }
    expect(pods).toBeGreaterThan(1000);
    expect(running / pods).toBeGreaterThan(0.9);
  });

  it('has lived: ages, restarts, rollouts, and something of each kind of trouble', async () => {
    const { json: sets } = await clusters.get('prod-eu-west', '/apis/apps/v1/replicasets');
    const created = listAt(sets, 'items').map((set) => Date.parse(textAt(set, 'metadata.creationTimestamp')));
    expect(Date.now() - Math.min(...created)).toBeGreaterThan(pastMs / 2);
    expect(new Set(created.map((at) => Math.floor(at / 86_400_000))).size).toBeGreaterThan(5);
    const pods = async (context: string) => JSON.stringify((await clusters.get(context, '/api/v1/pods')).json);
    expect(await pods('prod-eu-west')).toMatch(/"reason":"CrashLoopBackOff"|"exitCode":1/);
    expect(await pods('staging')).toContain('"reason":"Unschedulable"');
    const nodes = await clusters.get('prod-us-east', '/api/v1/nodes');
    expect(JSON.stringify(nodes.json)).toContain('KubeletHasInsufficientMemory');
    const { json: events } = await clusters.get('prod-eu-west', '/api/v1/events');
    expect(listAt(events, 'items').length).toBeGreaterThan(0);
  });

  it('shows some namespaces only in one cluster', async () => {
    expect((await clusters.get('dev', '/api/v1/pods')).status).toBe(403);
    const own = await clusters.get('dev', '/api/v1/namespaces/checkout/pods');
    expect([own.status, listAt(own.json, 'items').length > 0]).toEqual([200, true]);
    expect((await clusters.get('dev', '/api/v1/namespaces/kube-system/pods')).json.message).toBe(
      'pods is forbidden: User "demo" cannot list resource "pods" in API group "" in the namespace "kube-system"',
    );
  });

  it('serves metrics, logs and custom kinds', async () => {
    const metrics = await clusters.get('staging', '/apis/metrics.k8s.io/v1beta1/nodes');
    expect(listAt(metrics.json, 'items').length).toBe(7);
    const apps = await clusters.get('staging', '/apis/argoproj.io/v1alpha1/applications');
    expect(textAt(listAt(apps.json, 'items')[0], 'status.health.status')).toBe('Healthy');
    expect(recordAt(listAt(apps.json, 'items')[0], 'spec').project).toBeTypeOf('string');
  });
});

describe('the past', () => {
  it('is the same life for the same seed and moment, in order', () => {
    const nowMs = Date.UTC(2026, 5, 15, 12);
    const live = () => {
      const digest = createHash('sha256');
      let [count, last, deleted] = [0, 0, 0];
      for (const version of pastVersions({ nowMs, clusters: ['edge-berlin'] })) {
        expect(version.at).toBeGreaterThanOrEqual(last);
        last = version.at;
        count++;
        if (version.change === 'deleted') deleted++;
        digest.update(`${version.at} ${version.type} ${version.change} ${JSON.stringify(version.object)}`);
      }
      return { count, deleted, last, digest: digest.digest('hex') };
    };
    const first = live();
    expect(first.count).toBeGreaterThan(1000);
    expect(first.deleted).toBeGreaterThan(10);
    expect(nowMs - first.last).toBeLessThan(6 * 3600_000);
    expect(live()).toEqual(first);
  }, 120_000);
});
