import type { PodsSpec } from '../generated/partials.ts';
import { createJoiner } from '../joiner.ts';
import { milli, quantity } from '../quantity.ts';

type Side = 'requests' | 'limits';
type Resourced = PodsSpec['containers'][number] | PodsSpec['initContainers'][number];

/** Millicores of the whole pod, NaN when nobody asks for any. */
export function podCpu(spec: PodsSpec, side: Side): number {
  return total(spec, side, 'cpu', milli);
}

/** Bytes of the whole pod, NaN when nobody asks for any. */
export function podMemory(spec: PodsSpec, side: Side): number {
  return total(spec, side, 'memory', quantity);
}

/**
 * As the scheduler sums them (k8s.io/component-helpers/resource, PodRequests and PodLimits): the containers and
 * sidecars together, or the largest moment of the initialisation when that is more, plus the overhead; what the pod
 * itself states goes before its containers. Resizes under way are not looked at.
 */
function total(spec: PodsSpec, side: Side, resource: 'cpu' | 'memory', read: (text: string) => number): number {
  const ofPod = spec.resources?.[side][resource];
  let sum = Number.NaN;
  if (ofPod !== undefined) sum = read(ofPod);
  else {
    for (const container of spec.containers) sum = plus(sum, amount(container, side, resource, read));
    if (spec.initContainers.length > 0) {
      let sidecars = Number.NaN;
      let largest = Number.NaN;
      for (const container of spec.initContainers) {
        const own = amount(container, side, resource, read);
        if (container.restartPolicy === 'Always') {
          sum = plus(sum, own);
          sidecars = plus(sidecars, own);
          largest = larger(largest, sidecars);
        } else largest = larger(largest, plus(sidecars, own));
      }
      sum = larger(sum, largest);
    }
  }
  const overhead = spec.overhead[resource];
  // Overhead is not a limit where there is none (PodLimits).
  if (overhead !== undefined && (side === 'requests' || sum > 0)) sum = plus(sum, read(overhead));
  return sum;
}

function amount(container: Resourced, side: Side, resource: string, read: (text: string) => number): number {
  const text = container.resources?.[side][resource];
  return text === undefined ? Number.NaN : read(text);
}

/** Sum in which NaN is nothing. */
function plus(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b;
}

function larger(a: number, b: number): number {
  return Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b);
}

const commaJoined = createJoiner(',');
const lineJoined = createJoiner('\n');
const prefixed = createJoiner('');
/** What of this pod has been seen: one list for the thread. */
const seen: string[] = [];

/** Images of the containers, then of the init containers, separated by commas, each once. */
export function podImages(spec: PodsSpec): string {
  let images = '';
  seen.length = 0;
  for (const container of spec.containers) images = addImage(images, container.image);
  for (const container of spec.initContainers) images = addImage(images, container.image);
  return images;
}

function addImage(images: string, image: string): string {
  if (image === '' || seen.includes(image)) return images;
  seen.push(image);
  return images === '' ? image : commaJoined(images, image);
}

/** The service account's certificate bundle, which every pod mounts: no relation that anybody looks for. */
const everywhere = 'kube-root-ca.crt';

/** `Secret/name`, `ConfigMap/name` and `PersistentVolumeClaim/name`, each once, a line each, in order of appearance. */
export function podReferences(spec: PodsSpec): string {
  seen.length = 0;
  for (const volume of spec.volumes) {
    if (volume.secret !== null) refer('Secret/', volume.secret.secretName);
    if (volume.configMap !== null) refer('ConfigMap/', volume.configMap.name);
    if (volume.persistentVolumeClaim !== null) refer('PersistentVolumeClaim/', volume.persistentVolumeClaim.claimName);
    if (volume.projected !== null) {
      for (const source of volume.projected.sources) {
        if (source.secret !== null) refer('Secret/', source.secret.name);
        if (source.configMap !== null) refer('ConfigMap/', source.configMap.name);
      }
    }
  }
  for (const container of spec.containers) referEnvironment(container);
  for (const container of spec.initContainers) referEnvironment(container);
  for (const secret of spec.imagePullSecrets) refer('Secret/', secret.name);
  let references = '';
  for (const line of seen) references = references === '' ? line : lineJoined(references, line);
  return references;
}

function referEnvironment(container: Resourced): void {
  for (const { valueFrom } of container.env) {
    if (valueFrom === null) continue;
    if (valueFrom.secretKeyRef !== null) refer('Secret/', valueFrom.secretKeyRef.name);
    if (valueFrom.configMapKeyRef !== null) refer('ConfigMap/', valueFrom.configMapKeyRef.name);
  }
  for (const { secretRef, configMapRef } of container.envFrom) {
    if (secretRef !== null) refer('Secret/', secretRef.name);
    if (configMapRef !== null) refer('ConfigMap/', configMapRef.name);
  }
}

function refer(kind: string, name: string): void {
  if (name === '' || (name === everywhere && kind === 'ConfigMap/')) return;
  const line = prefixed(kind, name);
  if (!seen.includes(line)) seen.push(line);
}
