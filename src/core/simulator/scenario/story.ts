import type { Behaviour } from '../controllers/behaviour.ts';
import type { ClusterPlan } from './clusters.ts';
import type { Deployed } from './populate.ts';
import type { Stage } from './stage.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** How a bad release shows itself. */
const defects: readonly Behaviour[] = [
  { exit: { afterMs: 4000, exitCode: 1 } },
  { exit: { afterMs: 25_000, exitCode: 137, reason: 'OOMKilled' } },
  { pullError: 'failed to resolve image: not found' },
  { unready: 'HTTP probe failed with statuscode: 503' },
  { exit: { afterMs: 1500, exitCode: 2 } },
];

/**
 * What happens in a cluster, again and again: releases (some bad, and rolled back), containers that die, nodes in
 * trouble. `nowMs` is where the past ends: before it releases are hours apart, after it minutes, so that who looks at
 * the screen sees one somewhere every minute or two.
 */
export function tell(stage: Stage, plan: ClusterPlan, nowMs: number): void {
  const { random } = stage;
  const releasable = stage.deployed.filter(({ app }) => app.versions.length > 2 && app.kind !== 'CronJob');
  const infrastructure = stage.deployed.filter(({ app }) => app.versions.length === 2);
  // The last hour already has the present's rhythm: its events are still kept.
  const livelyFromMs = nowMs - 50 * minuteMs;
  const live = () => stage.cluster.timeline.now() >= livelyFromMs;
  const between = (from: number, to: number) => from + random.next() * (to - from);

  const release = () => {
    stage.after(live() ? between(9 * minuteMs, 15 * minuteMs) : between(8 * hourMs, 18 * hourMs), release);
    const target = random.pick(releasable);
    if (random.chance(0.14)) badRelease(stage, target, random.pick(defects));
    else stage.rollout(target);
  };
  const upgrade = () => {
    stage.after(between(4 * 24 * hourMs, 9 * 24 * hourMs), upgrade);
    if (infrastructure.length > 0) stage.rollout(random.pick(infrastructure));
  };
  const die = () => {
    stage.after(live() ? between(10 * minuteMs, 20 * minuteMs) : between(6 * hourMs, 16 * hourMs), die);
    const [exitCode, reason] = random.chance(0.5) ? ([137, 'OOMKilled'] as const) : ([1, 'Error'] as const);
    stage.crash(random.pick(releasable), exitCode, reason);
  };
  const trouble = () => {
    stage.after(live() ? between(20 * minuteMs, 40 * minuteMs) : between(30 * hourMs, 80 * hourMs), trouble);
    const [pool] = plan.pools.slice(1);
    const node = random.pick(stage.nodes(pool?.name ?? 'general'));
    const lastsMs = between(4 * minuteMs, 12 * minuteMs);
    if (random.chance(0.5)) {
      stage.memoryPressure(node, true);
      stage.after(lastsMs, () => stage.memoryPressure(node, false));
    } else {
      stage.nodeReady(node, false);
      stage.after(lastsMs, () => stage.nodeReady(node, true));
    }
  };
  stage.after(between(10 * minuteMs, 5 * hourMs), release);
  stage.after(between(24 * hourMs, 4 * 24 * hourMs), upgrade);
  stage.after(between(1 * hourMs, 5 * hourMs), die);
  stage.after(between(20 * hourMs, 60 * hourMs), trouble);
  // The rhythm of the past would leave the first hours of the present empty.
  stage.after(livelyFromMs - stage.cluster.timeline.now() + between(15_000, 10 * minuteMs), release);
  stage.after(livelyFromMs - stage.cluster.timeline.now() + between(20_000, 10 * minuteMs), die);
  standing(stage, plan, nowMs);
}

/** A release that does not work: it is seen after a while and taken back. */
function badRelease(stage: Stage, target: Deployed, behaviour: Behaviour): void {
  const before = stage.versionOf(target);
  const index = target.app.versions.indexOf(before) + 1;
  const version = target.app.versions[index % target.app.versions.length];
  const end = stage.fault({ app: target.app.name, namespace: target.namespace, version, behaviour });
  stage.rollout(target, version);
  stage.after((5 + stage.random.next() * 9) * minuteMs, () => {
    stage.rollout(target, before);
    // The fault outlives the roll-back, until its last pod is gone.
    stage.after(2 * minuteMs, end);
  });
}

/** What is wrong at the moment when the fleet appears, and stays so: one thing of each kind, in different clusters. */
function standing(stage: Stage, plan: ClusterPlan, nowMs: number): void {
  const find = (app: string, namespace: string) =>
    stage.deployed.find((candidate) => candidate.app.name === app && candidate.namespace === namespace);
  const at = (beforeMs: number, act: () => void) =>
    stage.after(Math.max(0, nowMs - beforeMs - stage.cluster.timeline.now()), act);
  /** A release with a fault that nobody has taken back. */
  const broken = (app: string, namespace: string, behaviour: Behaviour) => {
    const target = find(app, namespace);
    if (target === undefined) return;
    const index = target.app.versions.indexOf(stage.versionOf(target)) + 1;
    const version = target.app.versions[index % target.app.versions.length];
    stage.fault({ app, namespace, version, behaviour });
    stage.rollout(target, version);
  };
  switch (plan.name) {
    case 'prod-eu-west':
      at(50 * minuteMs, () => broken('mailer', 'messaging', { exit: { afterMs: 8000, exitCode: 1 } }));
      break;
    case 'prod-us-east':
      at(40 * minuteMs, () => {
        const node = stage.nodes('general')[2];
        if (node !== undefined) stage.memoryPressure(node, true);
      });
      break;
    case 'staging':
      at(3 * hourMs, () => {
        const target = find('ranker-training', 'ml');
        if (target !== undefined) stage.scale(target, 2);
      });
      at(26 * hourMs, () => broken('pricing', 'catalog', { unready: 'HTTP probe failed with statuscode: 500' }));
      break;
    case 'edge-berlin':
      at(95 * minuteMs, () => {
        const node = stage.nodes('box')[1];
        if (node !== undefined) stage.nodeReady(node, false);
      });
      break;
    case 'dev':
      at(5 * hourMs, () => broken('checkout', 'preview-2', { exit: { afterMs: 3000, exitCode: 1 } }));
      at(90 * minuteMs, () => broken('payments', 'preview-3', { pullError: 'failed to resolve image: not found' }));
      break;
  }
}
