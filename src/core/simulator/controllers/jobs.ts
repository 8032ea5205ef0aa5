import { sameValue } from '../api/write/sameValue.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { deleteObject } from '../deletion.ts';
import { at, instant, type KubeObject, listAt, numberAt, ownerReference, recordAt, textAt } from '../objects.ts';
import { keyOf } from '../store/objectStore.ts';
import { parseSchedule } from './cron.ts';
import type { EventRecorder } from './events.ts';
import { createPod } from './podFactory.ts';
import { asPod, type Condition, isActive, isPodReady, type PodTemplate } from './shapes.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

export const jobs = 'jobs.batch';
export const cronJobs = 'cronjobs.batch';

/** Runs pods until enough of them have succeeded, or too many have failed. */
export function createJobController(cluster: SimulatedCluster, events: EventRecorder): WorkQueue {
  const { store, timeline } = cluster;
  const random = cluster.random.fork('jobs');
  const from = { component: 'job-controller' };

  return createWorkQueue(timeline, 40, (key) => {
    const job = store.get(jobs, key)?.object;
    if (job === undefined || job.metadata.deletionTimestamp !== undefined || isFinished(job)) return;
    const now = instant(timeline.now());
    const pods = store.ownedBy(job.metadata.uid).map((owned) => asPod(owned.object));
    const succeeded = pods.filter((pod) => pod.status.phase === 'Succeeded').length;
    const failed = pods.filter((pod) => pod.status.phase === 'Failed').length;
    const active = pods.filter(isActive);
    const completions = numberAt(job, 'spec.completions') || 1;
    const conditions: Condition[] = [];
    const done = (type: string, reason: string, message: string): Condition => ({
      type,
      status: 'True',
      reason,
      message,
      lastProbeTime: null,
      lastTransitionTime: now,
    });
    let running = active.length;
    if (succeeded >= completions) {
      const message = 'Reached expected number of succeeded pods';
      conditions.push(
        done('SuccessCriteriaMet', 'CompletionsReached', message),
        done('Complete', 'CompletionsReached', message),
      );
      events.record(job, 'Normal', 'Completed', 'Job completed', from);
    } else if (failed > numberAt(job, 'spec.backoffLimit')) {
      const message = 'Job has reached the specified backoff limit';
      conditions.push(
        done('FailureTarget', 'BackoffLimitExceeded', message),
        done('Failed', 'BackoffLimitExceeded', message),
      );
      events.record(job, 'Warning', 'BackoffLimitExceeded', message, from);
    } else if (at(job, 'spec.suspend') !== true) {
      const wanted = Math.min(numberAt(job, 'spec.parallelism') || 1, completions - succeeded);
      for (; running < wanted; running++) createJobPod(job);
    }
    const ready = active.filter(isPodReady).length;
    const status = {
      startTime: textAt(job, 'status.startTime') || now,
      ...(running === 0 || conditions.length > 0 ? {} : { active: running }),
      ...(succeeded === 0 ? {} : { succeeded }),
      ...(failed === 0 ? {} : { failed }),
      ready,
      terminating: 0,
      uncountedTerminatedPods: {},
      ...(conditions.some((condition) => condition.type === 'Complete') ? { completionTime: now } : {}),
      ...(conditions.length === 0 ? {} : { conditions }),
    };
    if (!sameValue(status, job.status)) store.put(jobs, { ...job, status });
  });

  function createJobPod(job: KubeObject): void {
    const generateName = `${job.metadata.name}-`;
    const name = `${generateName}${random.suffix(5)}`;
    const labels = {
      'batch.kubernetes.io/job-name': job.metadata.name,
      'job-name': job.metadata.name,
      'batch.kubernetes.io/controller-uid': job.metadata.uid,
    };
    createPod(cluster, job, recordAt(job, 'spec').template as PodTemplate, { name, generateName, labels });
    events.record(job, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, from);
  }
}

function isFinished(job: KubeObject): boolean {
  return listAt(job, 'status.conditions').some((condition) =>
    ['Complete', 'Failed'].includes(textAt(condition, 'type')),
  );
}

/** Makes a job at each due minute, and keeps the newest finished ones only. */
export function createCronJobController(cluster: SimulatedCluster, events: EventRecorder): WorkQueue {
  const { store, timeline } = cluster;
  const from = { component: 'cronjob-controller' };
  const due = new Map<string, { uid: string; at: number; schedule: string }>();

  const queue = createWorkQueue(timeline, 40, (key) => {
    const cron = store.get(cronJobs, key)?.object;
    if (cron === undefined || cron.metadata.deletionTimestamp !== undefined) {
      due.delete(key);
      return;
    }
    plan(key, cron);
    trim(cron);
    const active = store.ownedBy(cron.metadata.uid).filter(({ object }) => !isFinished(object));
    const references = active.map(({ object }) => ({
      kind: 'Job',
      apiVersion: 'batch/v1',
      name: object.metadata.name,
      namespace: object.metadata.namespace,
      uid: object.metadata.uid,
      resourceVersion: object.metadata.resourceVersion,
    }));
    const known = listAt(cron, 'status.active').map((reference) => textAt(reference, 'uid'));
    if (known.join() === references.map((reference) => reference.uid).join()) return;
    const { active: _old, ...status } = recordAt(cron, 'status');
    store.put(cronJobs, { ...cron, status: references.length === 0 ? status : { active: references, ...status } });
  });

  function plan(key: string, cron: KubeObject): void {
    const text = textAt(cron, 'spec.schedule');
    const known = due.get(key);
    if (known?.uid === cron.metadata.uid && known.schedule === text) return;
    const next = parseSchedule(text)?.next(timeline.now());
    if (next === undefined) return;
    due.set(key, { uid: cron.metadata.uid, at: next, schedule: text });
    timeline.after(next - timeline.now(), () => {
      const mine = due.get(key);
      if (mine?.uid !== cron.metadata.uid || mine.at !== next) return;
      due.delete(key);
      const current = store.get(cronJobs, key)?.object;
      if (current?.metadata.uid !== cron.metadata.uid) return;
      if (at(current, 'spec.suspend') !== true) run(current, next);
      queue.add(key);
    });
  }

  function run(cron: KubeObject, atMs: number): void {
    if (textAt(cron, 'spec.concurrencyPolicy') === 'Forbid' && listAt(cron, 'status.active').length > 0) {
      events.record(
        cron,
        'Normal',
        'JobAlreadyActive',
        'Not starting job because prior execution is running and concurrency policy is Forbid',
        from,
      );
      return;
    }
    const template = recordAt(cron, 'spec.jobTemplate');
    const name = `${cron.metadata.name}-${Math.floor(atMs / 60_000)}`;
    const metadata = recordAt(template, 'metadata') as { labels?: Record<string, string> };
    if (store.object(jobs, cron.metadata.namespace ?? '', name) !== undefined) return;
    const spec = {
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      ...recordAt(template, 'spec'),
    };
    const job = cluster.create(jobs, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace: cron.metadata.namespace,
        labels: metadata.labels,
        annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': instant(atMs) },
        ownerReferences: [ownerReference(cron)],
      },
      spec,
      status: {},
    });
    events.record(cron, 'Normal', 'SuccessfulCreate', `Created job ${job.metadata.name}`, from);
    const current = store.get(cronJobs, keyOf(cron.metadata))?.object ?? cron;
    store.put(cronJobs, { ...current, status: { ...recordAt(current, 'status'), lastScheduleTime: instant(atMs) } });
  }

  function trim(cron: KubeObject): void {
    const finished = store.ownedBy(cron.metadata.uid).filter(({ object }) => isFinished(object));
    for (const [type, limit] of [
      ['Complete', 'successfulJobsHistoryLimit'],
      ['Failed', 'failedJobsHistoryLimit'],
    ] as const) {
      const ofType = finished
        .map(({ object }) => object)
        .filter((job) => listAt(job, 'status.conditions').some((condition) => textAt(condition, 'type') === type))
        .sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1));
      for (const job of ofType.slice(numberAt(cron, `spec.${limit}`))) deleteObject(cluster, jobs, job);
    }
  }

  return queue;
}
