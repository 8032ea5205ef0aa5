import { qosClass } from '../api/write/defaults.ts';
import type { SimulatedCluster } from '../cluster.ts';
import { type KubeObject, ownerReference } from '../objects.ts';
import type { PodTemplate } from './shapes.ts';

const qosCache = new WeakMap<readonly unknown[], string>();

/** A pod of a template; its specification is shared with the template until it gets a node. */
export function createPod(
  cluster: SimulatedCluster,
  owner: KubeObject,
  template: PodTemplate,
  identity: { name: string; generateName?: string; labels?: Record<string, string>; nodeName?: string; spec?: object },
): KubeObject {
  const { containers } = template.spec;
  let qos = qosCache.get(containers);
  if (qos === undefined) {
    qos = qosClass(template.spec);
    qosCache.set(containers, qos);
  }
  const { annotations } = template.metadata;
  const spec =
    identity.nodeName === undefined && identity.spec === undefined
      ? template.spec
      : {
          ...template.spec,
          ...identity.spec,
          ...(identity.nodeName === undefined ? {} : { nodeName: identity.nodeName }),
        };
  return cluster.create('pods', {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name: identity.name,
      ...(identity.generateName === undefined ? {} : { generateName: identity.generateName }),
      namespace: owner.metadata.namespace,
      labels:
        identity.labels === undefined ? template.metadata.labels : { ...template.metadata.labels, ...identity.labels },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [ownerReference(owner)],
    },
    spec,
    status: { phase: 'Pending', qosClass: qos },
  });
}
