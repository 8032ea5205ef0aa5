import type { Action } from '../model.ts';
import { refresh, sync, syncBack, terminateSync } from './argocd.ts';
import {
  forceRelease,
  pinBack,
  reconcile,
  reconcileWithSource,
  resetRelease,
  resumeReconciling,
  suspendReconciling,
  unpin,
} from './flux.ts';
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
  terminateSync,
  syncBack,
  reconcile,
  reconcileWithSource,
  forceRelease,
  resetRelease,
  suspendReconciling,
  resumeReconciling,
  pinBack,
  unpin,
  approve,
  deny,
  resizeVolume,
  resizePod,
  evict,
  labels,
  annotations,
  remove,
];
