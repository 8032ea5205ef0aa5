import { at, type KubeObject, listAt, numberAt, recordAt, textAt } from '../../objects.ts';
import { ageOf, humanDuration } from './age.ts';
import { containerNames, type KindTable, mapText, orNone } from './cells.ts';

const age = (object: KubeObject, now: number) => ageOf(object.metadata.creationTimestamp, now);

function jobStatus(job: KubeObject): string {
  const conditions = listAt(job, 'status.conditions').filter((condition) => textAt(condition, 'status') === 'True');
  for (const type of ['Complete', 'Failed', 'Suspended', 'FailureTarget', 'SuccessCriteriaMet']) {
    if (conditions.some((condition) => textAt(condition, 'type') === type)) return type;
  }
  return job.metadata.deletionTimestamp === undefined ? 'Running' : 'Terminating';
}

function jobDuration(job: KubeObject, now: number): string {
  const start = Date.parse(textAt(job, 'status.startTime'));
  if (Number.isNaN(start)) return '';
  const end = Date.parse(textAt(job, 'status.completionTime'));
  return humanDuration((Number.isNaN(end) ? now : end) - start);
}

/** The API server's printers for batch, storage and quota kinds. */
export const batchTables: Record<string, KindTable> = {
  'jobs.batch': {
    columns: ['Name', 'Status', 'Completions', 'Duration', 'Age', '+Containers', '+Images', '+Selector'],
    cells: (job, now) => [
      job.metadata.name,
      jobStatus(job),
      `${numberAt(job, 'status.succeeded')}/${numberAt(job, 'spec.completions') || 1}`,
      jobDuration(job, now),
      age(job, now),
      containerNames(at(job, 'spec.template.spec'), 'name'),
      containerNames(at(job, 'spec.template.spec'), 'image'),
      mapText(recordAt(job, 'spec.selector.matchLabels')),
    ],
  },
  'cronjobs.batch': {
    columns: [
      'Name',
      'Schedule',
      'Timezone',
      'Suspend:boolean',
      'Active:integer',
      'Last Schedule',
      'Age',
      '+Containers',
      '+Images',
      '+Selector',
    ],
    cells: (cron, now) => [
      cron.metadata.name,
      textAt(cron, 'spec.schedule'),
      orNone(textAt(cron, 'spec.timeZone')),
      at(cron, 'spec.suspend') === true,
      listAt(cron, 'status.active').length,
      textAt(cron, 'status.lastScheduleTime') === '' ? '<none>' : ageOf(textAt(cron, 'status.lastScheduleTime'), now),
      age(cron, now),
      containerNames(at(cron, 'spec.jobTemplate.spec.template.spec'), 'name'),
      containerNames(at(cron, 'spec.jobTemplate.spec.template.spec'), 'image'),
      mapText(recordAt(cron, 'spec.jobTemplate.spec.selector.matchLabels')),
    ],
  },
  'storageclasses.storage.k8s.io': {
    columns: ['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age'],
    cells: (object, now) => [
      object.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
        ? `${object.metadata.name} (default)`
        : object.metadata.name,
      textAt(object, 'provisioner'),
      textAt(object, 'reclaimPolicy'),
      textAt(object, 'volumeBindingMode'),
      textAt(object, 'allowVolumeExpansion') || 'false',
      age(object, now),
    ],
  },
  'ingressclasses.networking.k8s.io': {
    columns: ['Name', 'Controller', 'Parameters', 'Age'],
    cells: (object, now) => [object.metadata.name, textAt(object, 'spec.controller'), '<none>', age(object, now)],
  },
  'priorityclasses.scheduling.k8s.io': {
    columns: ['Name', 'Value:integer', 'Global-Default:boolean', 'Age', 'PreemptionPolicy'],
    cells: (object, now) => [
      object.metadata.name,
      numberAt(object, 'value'),
      at(object, 'globalDefault') === true,
      age(object, now),
      textAt(object, 'preemptionPolicy'),
    ],
  },
  resourcequotas: {
    columns: ['Name', 'Request', 'Limit', 'Age'],
    cells: (quota, now) => {
      const used = recordAt(quota, 'status.used');
      const entries = Object.entries(recordAt(quota, 'status.hard')).sort(([a], [b]) => (a < b ? -1 : 1));
      const text = (limits: boolean) =>
        entries
          .filter(([name]) => name.startsWith('limits.') === limits)
          .map(([name, hard]) => `${name}: ${used[name] ?? 0}/${hard}`)
          .join(', ');
      return [quota.metadata.name, text(false), text(true), age(quota, now)];
    },
  },
};
