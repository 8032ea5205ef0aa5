import type { SimulatedCluster } from '../cluster.ts';
import { at, recordAt, textAt } from '../objects.ts';
import { keyOf } from '../store/objectStore.ts';
import type { EventRecorder } from './events.ts';
import { createWorkQueue, type WorkQueue } from './workQueue.ts';

/** Makes a volume for each claim that waits for one, and binds both. A claim of an unknown class stays pending. */
export function createVolumeController(cluster: SimulatedCluster, events: EventRecorder): WorkQueue {
  const { store, timeline } = cluster;

  return createWorkQueue(timeline, 900, (key) => {
    const claim = store.get('persistentvolumeclaims', key)?.object;
    if (claim === undefined || textAt(claim, 'status.phase') !== 'Pending') return;
    const storageClass = textAt(claim, 'spec.storageClassName');
    const known = store.object('storageclasses.storage.k8s.io', '', storageClass);
    if (known === undefined) {
      const message = `storageclass.storage.k8s.io "${storageClass}" not found`;
      events.record(claim, 'Warning', 'ProvisioningFailed', message, { component: 'persistentvolume-controller' });
      return;
    }
    const storage = textAt(claim, 'spec.resources.requests.storage');
    const name = `pvc-${claim.metadata.uid}`;
    const { apiVersion, kind } = claim;
    cluster.create('persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: {
        name,
        finalizers: ['kubernetes.io/pv-protection'],
        annotations: { 'pv.kubernetes.io/provisioned-by': textAt(known, 'provisioner') },
      },
      spec: {
        capacity: { storage },
        accessModes: at(claim, 'spec.accessModes'),
        persistentVolumeReclaimPolicy: textAt(known, 'reclaimPolicy') || 'Delete',
        storageClassName: storageClass,
        volumeMode: 'Filesystem',
        csi: { driver: textAt(known, 'provisioner'), volumeHandle: `vol-${claim.metadata.uid.slice(0, 8)}` },
        claimRef: {
          apiVersion,
          kind,
          namespace: claim.metadata.namespace,
          name: claim.metadata.name,
          uid: claim.metadata.uid,
        },
      },
      status: { phase: 'Bound' },
    });
    const message = `Successfully provisioned volume ${name}`;
    events.record(claim, 'Normal', 'ProvisioningSucceeded', message, { component: textAt(known, 'provisioner') });
    store.put('persistentvolumeclaims', {
      ...claim,
      spec: { ...recordAt(claim, 'spec'), volumeName: name },
      status: { phase: 'Bound', accessModes: at(claim, 'spec.accessModes'), capacity: { storage } },
    });
  });
}

/** A volume goes with its claim; the protection of a claim ends when it is deleted and no pod uses it. */
export function releaseClaim(cluster: SimulatedCluster, namespace: string, name: string): void {
  const { store } = cluster;
  const claim = store.object('persistentvolumeclaims', namespace, name);
  if (claim?.metadata.deletionTimestamp === undefined) return;
  for (const pod of store.objects('pods', namespace)) {
    const volumes = at(pod, 'spec.volumes');
    if (Array.isArray(volumes) && volumes.some((volume) => textAt(volume, 'persistentVolumeClaim.claimName') === name))
      return;
  }
  store.remove('persistentvolumeclaims', keyOf(claim.metadata));
  store.remove('persistentvolumes', `/${textAt(claim, 'spec.volumeName')}`);
}
