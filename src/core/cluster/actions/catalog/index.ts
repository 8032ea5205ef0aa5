import type { Action } from '../model.ts';
import { reconcile, refresh, resumeReconciling, suspendReconciling, sync, syncBack } from './gitops.ts';
import { cordon, drain, taint, uncordon } from './nodes.ts';
import { annotations, approve, deny, evict, labels, remove, resizePod, resizeVolume } from './objects.ts';
import { pause, restart, resume, rollback, scale, setImage, suspend, trigger, unsuspend } from './workloads.ts';

/** Everything that can be done with objects, in the order of the menus. */
export const catalog: readonly Action[] = [
  scale,
  restart,
  setImage,
  rollback,
  pause,
  resume,
  trigger,
  suspend,
  unsuspend,
  cordon,
  uncordon,
  drain,
  taint,
  sync,
  refresh,
  syncBack,
  reconcile,
  suspendReconciling,
  resumeReconciling,
  approve,
  deny,
  resizeVolume,
  resizePod,
  evict,
  labels,
  annotations,
  remove,
];
