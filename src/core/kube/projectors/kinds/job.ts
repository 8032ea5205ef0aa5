import type { JobsBatch } from '../generated/partials.ts';
import { columns, kind, number, sayExactly, type ToneIndex, text, time, tone } from '../kind.ts';
import {
  because,
  conditionFields,
  containerImages,
  containerNames,
  containers,
  flag,
  holding,
  images,
  selector,
  selectorFields,
  selectorText,
  templateFields,
} from './parts.ts';

const own = columns({
  completions: text('Completions', 0, 90),
  duration: number('Duration', 'seconds', 0, 'From start to completion; absent while it runs'),
  active: number('Active', 'count', 0, 'Pods that run'),
  failed: number('Failed', 'count', 0, 'Pods that have failed'),
  succeeded: number('Succeeded', 'count', 1),
  started: time('Started', 1),
  completed: time('Completed', 1),
  parallelism: number('Parallelism', 'count', 1),
  suspended: number('Suspended', 'flag', 1),
  containers,
  images,
  selector,
});
const { at } = own;

/** In the order of kubectl's printJob; `Terminating` stands before those from the third on. */
const words: readonly (readonly [condition: string, status: string, how: ToneIndex])[] = [
  ['Complete', 'Complete', tone.stopped],
  ['Failed', 'Failed', tone.failed],
  ['Suspended', 'Suspended', tone.stopped],
  ['FailureTarget', 'FailureTarget', tone.failed],
  ['SuccessCriteriaMet', 'SuccessCriteriaMet', tone.progressing],
];

export const jobs = kind<JobsBatch>({
  id: 'jobs.batch',
  kind: 'Job',
  version: 'v1',
  section: 'Workloads',
  columns: own.list,
  select: `spec { parallelism? completions? suspend? selector { ${selectorFields} } template { ${templateFields} } }
    status { startTime completionTime active succeeded failed conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const found = words.find(
      ([type], index) => (index < 2 || meta.deleting === 0) && holding(status?.conditions, type) !== undefined,
    );
    const failures = status?.failed ?? 0;
    if (found !== undefined) {
      const condition = holding(status?.conditions, found[0]);
      sayExactly(
        cells,
        found[1],
        found[2],
        condition === undefined || found[0] === 'Complete' ? '' : because(condition),
      );
    } else if (meta.deleting !== 0) sayExactly(cells, 'Terminating', tone.stopped);
    else if (failures > 0) sayExactly(cells, 'Running', tone.warning, `${failures} pods have failed`);
    else sayExactly(cells, 'Running', tone.progressing);
    const parallelism = spec?.parallelism ?? 0;
    const succeeded = status?.succeeded ?? 0;
    const wanted = spec?.completions ?? null;
    cells.text(
      at.completions,
      wanted !== null
        ? `${succeeded}/${wanted}`
        : parallelism > 1
          ? `${succeeded}/1 of ${parallelism}`
          : `${succeeded}/1`,
    );
    if (status !== null && status.startTime !== 0 && status.completionTime !== 0) {
      cells.number(at.duration, status.completionTime - status.startTime);
    }
    cells.number(at.active, status?.active ?? 0);
    cells.number(at.failed, failures);
    cells.number(at.succeeded, succeeded);
    cells.time(at.started, status?.startTime ?? 0);
    cells.time(at.completed, status?.completionTime ?? 0);
    cells.number(at.parallelism, parallelism);
    cells.number(at.suspended, flag(spec?.suspend ?? false));
    cells.text(at.containers, containerNames(spec?.template));
    cells.text(at.images, containerImages(spec?.template));
    cells.text(at.selector, selectorText(spec?.selector ?? null));
  },
});
