import type { DaemonsetsApps } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';
import {
  containerImages,
  containerNames,
  containers,
  desired,
  images,
  mapText,
  sayReplicas,
  selector,
  selectorFields,
  selectorText,
} from './parts.ts';

const own = columns({
  desired,
  current: number('Current'),
  ready: number('Ready'),
  updated: number('Up-to-date'),
  available: number('Available'),
  nodeselector: text('Node selector', 0, 160),
  misscheduled: number('Misscheduled', 'count', 1, 'Nodes that run it and should not'),
  strategy: text('Strategy', 1, 110),
  containers,
  images,
  selector,
});
const { at } = own;

export const daemonSets = kind<DaemonsetsApps>({
  id: 'daemonsets.apps',
  kind: 'DaemonSet',
  version: 'v1',
  section: 'Workloads',
  shortNames: ['ds'],
  columns: own.list,
  select: `spec { selector { ${selectorFields} } updateStrategy { type } template { spec { nodeSelector containers { name image } } } }
    status { desiredNumberScheduled currentNumberScheduled numberReady updatedNumberScheduled numberAvailable numberMisscheduled
      observedGeneration }`,
  row({ spec, status }, meta, cells) {
    const wanted = status?.desiredNumberScheduled ?? 0;
    const ready = status?.numberReady ?? 0;
    const updated = status?.updatedNumberScheduled ?? 0;
    const behind = meta.generation > (status?.observedGeneration ?? 0);
    if (!behind && updated < wanted && spec?.updateStrategy?.type === 'RollingUpdate') {
      say(cells, meta, 'Progressing', tone.progressing, `${updated} of ${wanted} updated`);
    } else if (!behind && wanted === 0) say(cells, meta, 'No nodes', tone.stopped, 'No node matches');
    else sayReplicas(cells, meta, { desired: wanted, ready, behind }, undefined);
    cells.number(at.desired, wanted);
    cells.number(at.current, status?.currentNumberScheduled ?? 0);
    cells.number(at.ready, ready);
    cells.number(at.updated, updated);
    cells.number(at.available, status?.numberAvailable ?? 0);
    cells.number(at.misscheduled, status?.numberMisscheduled ?? 0);
    cells.text(at.nodeselector, mapText(spec?.template?.spec?.nodeSelector ?? {}));
    cells.text(at.strategy, spec?.updateStrategy?.type ?? '');
    cells.text(at.containers, containerNames(spec?.template));
    cells.text(at.images, containerImages(spec?.template));
    cells.text(at.selector, selectorText(spec?.selector ?? null));
  },
});
