import type { Plan } from '../changes/index.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { hostFolder, podPath } from './commands.ts';
import type { DebugProfile } from './contract.ts';

/** As `kubectl debug --profile` sets them for an ephemeral container. */
const securityContexts: Record<DebugProfile, object | undefined> = {
  general: { capabilities: { add: ['SYS_PTRACE'] } },
  baseline: undefined,
  restricted: {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
  netadmin: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
  sysadmin: { privileged: true },
};

export interface DebugContainer {
  pod: ObjectRef;
  name: string;
  image: string;
  target: string | undefined;
  profile: DebugProfile;
  command: readonly string[];
}

/** Puts a debug container into a running pod. There is no way back: the pod keeps it for its life. */
export function debugPlan({ pod, name, image, target, profile, command }: DebugContainer): Plan {
  const securityContext = securityContexts[profile];
  const container = {
    name,
    image,
    command,
    stdin: true,
    tty: true,
    terminationMessagePolicy: 'File',
    ...(target !== undefined && { targetContainerName: target }),
    ...(securityContext !== undefined && { securityContext }),
  };
  return {
    action: 'debug',
    title: `Debug container in ${pod.name}`,
    danger: false,
    steps: [
      {
        object: pod,
        async perform({ send }) {
          const path = podPath(pod);
          await send({
            object: pod,
            subject: path,
            inverse: null,
            request: {
              method: 'PATCH',
              path: `${path}/ephemeralcontainers?fieldManager=kubesage`,
              contentType: 'application/strategic-merge-patch+json',
              body: { spec: { ephemeralContainers: [container] } },
            },
          });
          return `${name} is added: it stays with the pod`;
        },
      },
    ],
  };
}

/** A forgotten one ends by itself, also when this program does not live to remove it. Seconds. */
const nodeShellSeconds = 12 * 60 * 60;

/** A privileged pod on a node, in all its namespaces, that waits to be used. Undone by deleting it. */
export function nodePodPlan(pod: ObjectRef, node: string, image: string): Plan {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      namespace: pod.namespace,
      labels: { 'app.kubernetes.io/name': 'node-shell', 'app.kubernetes.io/managed-by': 'kubesage' },
    },
    spec: {
      nodeName: node,
      hostPID: true,
      hostIPC: true,
      hostNetwork: true,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: nodeShellSeconds,
      automountServiceAccountToken: false,
      // A node that is to be looked into is often one that nothing may run on.
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'shell',
          image,
          command: ['sleep', String(nodeShellSeconds)],
          securityContext: { privileged: true },
          terminationMessagePolicy: 'File',
          volumeMounts: [{ name: 'host-root', mountPath: hostFolder }],
        },
      ],
      volumes: [{ name: 'host-root', hostPath: { path: '/' } }],
    },
  };
  return {
    action: 'nodeShell',
    title: `Shell on ${node}`,
    danger: false,
    steps: [
      {
        object: pod,
        async perform({ send }) {
          const path = podPath(pod);
          await send({
            object: pod,
            subject: path,
            request: {
              method: 'POST',
              path: `${path.slice(0, path.lastIndexOf('/'))}?fieldManager=kubesage`,
              body: object,
            },
          });
          return 'Its pod is created';
        },
      },
    ],
  };
}

export function removalPlan(pod: ObjectRef, node: string): Plan {
  return {
    action: 'nodeShell',
    title: `Remove the shell's pod from ${node}`,
    danger: false,
    steps: [
      {
        object: pod,
        async perform({ send }) {
          await send({
            object: pod,
            // It is not to be brought back.
            inverse: null,
            request: { method: 'DELETE', path: podPath(pod), body: { gracePeriodSeconds: 0 } },
          });
          return 'Its pod is removed';
        },
      },
    ],
  };
}
