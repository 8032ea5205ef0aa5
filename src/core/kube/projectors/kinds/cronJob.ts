import type { CronjobsBatch } from '../generated/partials.ts';
import { columns, kind, number, say, text, time, tone } from '../kind.ts';
import { containerImages, containerNames, containers, flag, images, templateFields } from './parts.ts';

const own = columns({
  schedule: text('Schedule', 0, 110),
  timezone: text('Time zone', 0, 100),
  suspend: number('Suspended', 'flag'),
  active: number('Active', 'count', 0, 'Jobs that run'),
  last: time('Last schedule'),
  lastsuccess: time('Last success', 1),
  concurrency: text('Concurrency', 1, 90),
  containers,
  images,
});
const { at } = own;

export const cronJobs = kind<CronjobsBatch>({
  id: 'cronjobs.batch',
  kind: 'CronJob',
  version: 'v1',
  section: 'Workloads',
  shortNames: ['cj'],
  columns: own.list,
  select: `spec { schedule timeZone? suspend? concurrencyPolicy jobTemplate { spec { template { ${templateFields} } } } }
    status { active# lastScheduleTime lastSuccessfulTime }`,
  row({ spec, status }, meta, cells) {
    const active = status?.active ?? 0;
    if (spec?.suspend) say(cells, meta, 'Suspended', tone.stopped);
    else if (active > 0) say(cells, meta, 'Active', tone.progressing);
    else say(cells, meta, 'Scheduled', tone.healthy);
    cells.text(at.schedule, spec?.schedule ?? '');
    cells.text(at.timezone, spec?.timeZone ?? '');
    cells.number(at.suspend, flag(spec?.suspend ?? false));
    cells.number(at.active, active);
    cells.time(at.last, status?.lastScheduleTime ?? 0);
    cells.time(at.lastsuccess, status?.lastSuccessfulTime ?? 0);
    cells.text(at.concurrency, spec?.concurrencyPolicy ?? '');
    const template = spec?.jobTemplate?.spec?.template;
    cells.text(at.containers, containerNames(template));
    cells.text(at.images, containerImages(template));
  },
});
