import type { Tone } from '../../../ui/index.ts';
import { at, entriesAt, instantAt, isObject, type JsonObject, listAt, numberAt, textAt, textsAt } from './json.ts';

/** One container of a pod, from its specification and its status together. */
export interface ContainerView {
  name: string;
  role: 'container' | 'init' | 'sidecar' | 'ephemeral';
  image: string;
  tone: Tone;
  /** `running`, `CrashLoopBackOff`, `completed` */
  state: string;
  /** Why, in the runtime's words. */
  message: string;
  /** When that state began, milliseconds. */
  since: number | undefined;
  ready: boolean;
  restarts: number;
  last:
    | { reason: string; exitCode: number | undefined; signal: number | undefined; at: number | undefined }
    | undefined;
  requests: [string, string][];
  limits: [string, string][];
  ports: string[];
  probes: { kind: string; text: string }[];
  /** Names only: a value may be a secret. */
  env: { name: string; from: string }[];
  mounts: { path: string; volume: string; readOnly: boolean }[];
  command: string;
}

/** Containers of a pod, or of a workload's pod template (without states). */
export function readContainers(podSpec: unknown, podStatus: unknown): ContainerView[] {
  return [
    ...listAt(podSpec, 'initContainers').map((spec) =>
      readContainer(
        spec,
        textAt(spec, 'restartPolicy') === 'Always' ? 'sidecar' : 'init',
        podStatus,
        'initContainerStatuses',
      ),
    ),
    ...listAt(podSpec, 'containers').map((spec) => readContainer(spec, 'container', podStatus, 'containerStatuses')),
    ...listAt(podSpec, 'ephemeralContainers').map((spec) =>
      readContainer(spec, 'ephemeral', podStatus, 'ephemeralContainerStatuses'),
    ),
  ];
}

function readContainer(spec: JsonObject, role: ContainerView['role'], podStatus: unknown, list: string): ContainerView {
  const name = textAt(spec, 'name');
  const status = listAt(podStatus, list).find((each) => textAt(each, 'name') === name);
  const ended = at(status, 'lastState', 'terminated');
  return {
    name,
    role,
    image: textAt(spec, 'image'),
    ...readState(status, role),
    ready: at(status, 'ready') === true,
    restarts: numberAt(status, 'restartCount') ?? 0,
    last: isObject(ended)
      ? {
          reason: textAt(ended, 'reason'),
          exitCode: numberAt(ended, 'exitCode'),
          signal: numberAt(ended, 'signal'),
          at: instantAt(ended, 'finishedAt'),
        }
      : undefined,
    requests: entriesAt(spec, 'resources', 'requests'),
    limits: entriesAt(spec, 'resources', 'limits'),
    ports: listAt(spec, 'ports').map(readPort),
    probes: (['startupProbe', 'readinessProbe', 'livenessProbe'] as const)
      .filter((key) => isObject(spec[key]))
      .map((key) => ({ kind: key.replace('Probe', ''), text: readProbe(spec[key]) })),
    env: [...listAt(spec, 'envFrom').map(readEnvFrom), ...listAt(spec, 'env').map(readEnv)],
    mounts: listAt(spec, 'volumeMounts').map((mount) => ({
      path: textAt(mount, 'mountPath'),
      volume: textAt(mount, 'name'),
      readOnly: at(mount, 'readOnly') === true,
    })),
    command: [...textsAt(spec, 'command'), ...textsAt(spec, 'args')].join(' '),
  };
}

function readState(
  status: JsonObject | undefined,
  role: ContainerView['role'],
): Pick<ContainerView, 'tone' | 'state' | 'message' | 'since'> {
  const waiting = at(status, 'state', 'waiting');
  const running = at(status, 'state', 'running');
  const terminated = at(status, 'state', 'terminated');
  if (isObject(running)) {
    const ready = at(status, 'ready') === true || role === 'init' || role === 'ephemeral';
    return {
      tone: ready ? 'healthy' : 'warning',
      state: ready ? 'running' : 'running, not ready',
      message: '',
      since: instantAt(running, 'startedAt'),
    };
  }
  if (isObject(terminated)) {
    const code = numberAt(terminated, 'exitCode');
    const well = code === 0;
    return {
      tone: well ? 'stopped' : 'failed',
      state: well ? 'completed' : textAt(terminated, 'reason') || `exit code ${code ?? '?'}`,
      message: [well || code === undefined ? '' : `exit code ${code}`, textAt(terminated, 'message')]
        .filter(Boolean)
        .join(' · '),
      since: instantAt(terminated, 'finishedAt'),
    };
  }
  if (isObject(waiting)) {
    const reason = textAt(waiting, 'reason');
    const normal = ['', 'ContainerCreating', 'PodInitializing'].includes(reason);
    return {
      tone: normal ? 'progressing' : 'failed',
      state: reason || 'waiting',
      message: textAt(waiting, 'message'),
      since: undefined,
    };
  }
  return { tone: 'unknown', state: '', message: '', since: undefined };
}

function readPort(port: JsonObject): string {
  const protocol = textAt(port, 'protocol');
  const name = textAt(port, 'name');
  return `${textAt(port, 'containerPort')}${protocol === '' || protocol === 'TCP' ? '' : `/${protocol}`}${name === '' ? '' : ` ${name}`}`;
}

/** `GET /healthz on 8080, every 10 s, 3 failures` */
function readProbe(probe: unknown): string {
  const every = numberAt(probe, 'periodSeconds') ?? 10;
  const failures = numberAt(probe, 'failureThreshold') ?? 3;
  return `${probeCheck(probe)}, every ${every} s, ${failures} ${failures === 1 ? 'failure' : 'failures'}`;
}

function probeCheck(probe: unknown): string {
  const http = at(probe, 'httpGet');
  if (isObject(http)) return `GET ${textAt(http, 'path') || '/'} on ${textAt(http, 'port')}`;
  const tcp = at(probe, 'tcpSocket');
  if (isObject(tcp)) return `TCP ${textAt(tcp, 'port')}`;
  const grpc = at(probe, 'grpc');
  if (isObject(grpc)) return `gRPC ${textAt(grpc, 'port')}`;
  const command = textsAt(probe, 'exec', 'command');
  return command.length > 0 ? `runs ${command.join(' ')}` : 'unknown check';
}

function readEnv(env: JsonObject): { name: string; from: string } {
  const name = textAt(env, 'name');
  const from = at(env, 'valueFrom');
  if (!isObject(from)) return { name, from: '' };
  for (const [key, word] of [
    ['secretKeyRef', 'Secret'],
    ['configMapKeyRef', 'ConfigMap'],
  ] as const) {
    if (isObject(from[key])) return { name, from: `${word} ${textAt(from, key, 'name')}/${textAt(from, key, 'key')}` };
  }
  if (isObject(from.fieldRef)) return { name, from: textAt(from, 'fieldRef', 'fieldPath') };
  if (isObject(from.resourceFieldRef)) return { name, from: textAt(from, 'resourceFieldRef', 'resource') };
  return { name, from: 'elsewhere' };
}

function readEnvFrom(env: JsonObject): { name: string; from: string } {
  const prefix = textAt(env, 'prefix');
  const secret = textAt(env, 'secretRef', 'name');
  return {
    name: `${prefix}*`,
    from: secret === '' ? `ConfigMap ${textAt(env, 'configMapRef', 'name')}` : `Secret ${secret}`,
  };
}
