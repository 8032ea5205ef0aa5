import type { DeploymentsApps } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import {
  because,
  conditionFields,
  conditionOf,
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
  ready: text('Ready', 0, 70, 'Replicas that are ready, of those wanted'),
  updated: number('Up-to-date', 'count', 0, 'Replicas of the newest template'),
  available: number('Available'),
  desired: number('Desired', 'count', 1),
  strategy: text('Strategy', 1, 110),
  paused: number('Paused', 'flag', 1),
  containers,
  images,
  selector,
  readyreplicas: number('Ready replicas', 'count', 2),
  revision: text('Revision', 1, 80),
});
const { at } = own;
const revision = 'deployment.kubernetes.io/revision';

export const deployments = kind<DeploymentsApps>({
  id: 'deployments.apps',
  kind: 'Deployment',
  version: 'v1',
  section: 'Workloads',
  shortNames: ['deploy'],
  columns: own.list,
  select: `metadata { annotations[${revision}] }
    spec { replicas? paused selector { ${selectorFields} } strategy { type } template { ${templateFields} } }
    status { observedGeneration replicas updatedReplicas readyReplicas availableReplicas conditions { ${conditionFields} } }`,
  row({ metadata, spec, status }, meta, cells) {
    const wanted = spec?.replicas ?? 1;
    const ready = status?.readyReplicas ?? 0;
    const updated = status?.updatedReplicas ?? 0;
    const available = status?.availableReplicas ?? 0;
    const progress = conditionOf(status?.conditions, 'Progressing');
    const failure = holding(status?.conditions, 'ReplicaFailure');
    // The order of `kubectl rollout status`, with what it only waits for told apart.
    if (failure !== undefined)
      say(cells, meta, failure.reason === '' ? 'ReplicaFailure' : failure.reason, tone.failed, failure.message);
    else if (progress?.reason === 'ProgressDeadlineExceeded')
      say(cells, meta, 'Stalled', tone.failed, progress.message);
    else if (spec?.paused) say(cells, meta, 'Paused', tone.stopped, 'Changes of the template are not rolled out');
    else if (
      meta.generation > (status?.observedGeneration ?? 0) ||
      updated < wanted ||
      (status?.replicas ?? 0) > updated
    ) {
      say(cells, meta, 'Progressing', tone.progressing, progress === undefined ? '' : because(progress));
    } else if (wanted === 0) say(cells, meta, 'Scaled to zero', tone.stopped);
    else if (available < wanted) {
      const rolled = progress?.reason === 'NewReplicaSetAvailable';
      const why = conditionOf(status?.conditions, 'Available');
      const text =
        why === undefined || why.status === 'True' ? `${wanted - available} of ${wanted} not available` : because(why);
      if (!rolled) say(cells, meta, 'Progressing', tone.progressing, text);
      else
        say(
          cells,
          meta,
          available === 0 ? 'Unavailable' : 'Degraded',
          available === 0 ? tone.failed : tone.warning,
          text,
        );
    } else say(cells, meta, 'Available', tone.healthy);
    cells.text(at.ready, `${ready}/${wanted}`);
    cells.number(at.readyreplicas, ready);
    cells.number(at.updated, updated);
    cells.number(at.available, available);
    cells.number(at.desired, wanted);
    cells.text(at.strategy, spec?.strategy?.type ?? '');
    cells.number(at.paused, flag(spec?.paused ?? false));
    cells.text(at.containers, containerNames(spec?.template));
    cells.text(at.images, containerImages(spec?.template));
    cells.text(at.selector, selectorText(spec?.selector ?? null));
    cells.text(at.revision, metadata?.annotations[revision] ?? '');
  },
});
