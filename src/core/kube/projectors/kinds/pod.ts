import type { Cells } from '../cellSet.ts';
import type { Pods } from '../generated/partials.ts';
import { ratio } from '../joiner.ts';
import { columns, kind, number, sayExactly, text, time, unique } from '../kind.ts';
import { podFields } from './podFields.ts';
import { podCpu, podImages, podMemory, podReferences } from './podSpec.ts';
import { computeStatus, containerBricks, readinessGates, toneOf } from './podStatus.ts';

const own = columns({
  ready: text('Ready', 0, 60, 'Containers that are ready, of those that should be'),
  containers: text('Containers', 0, 110, 'One brick a container: `<role><state> <name>` a line, see containerBricks'),
  restarts: number('Restarts', 'count', 0, 'Restarts of the containers and sidecars'),
  lastrestart: time('Last restart', 0, 'When a container last ended and was started again'),
  lastreason: text('Last reason', 0, 120, 'Why it had ended'),
  node: text('Node', 0, 160),
  ip: unique('IP', 1, 110),
  cpurequest: number('CPU request', 'millicores', 1, 'What the scheduler reserves'),
  memoryrequest: number('Memory request', 'bytes', 1, 'What the scheduler reserves'),
  cpulimit: number('CPU limit', 'millicores', 1),
  memorylimit: number('Memory limit', 'bytes', 1),
  qos: text('QoS', 1, 90),
  nominated: text('Nominated node', 1, 140, 'Where it will go once the pods that it preempts are gone'),
  gates: text('Readiness gates', 1, 90, 'Conditions of the readiness gates that hold, of all'),
  serviceaccount: text('Service account', 1, 140),
  priority: number('Priority', 'count', 1),
  priorityclass: text('Priority class', 1, 140),
  images: text('Images', 1, 260),
  started: time('Started', 1, 'When the kubelet accepted it'),
  phase: text('Phase', 2),
  readycontainers: number('Ready containers', 'count', 2),
  containercount: number('Number of containers', 'count', 2, 'Containers and sidecars'),
  hostnetwork: number('Host network', 'flag', 2),
  refs: text('Uses', 2, 200, 'Secrets, config maps and volume claims that it refers to: `Kind/name` a line'),
});
const { at } = own;

const container = `name image resources! { requests limits }
  env { valueFrom { secretKeyRef! { name } configMapKeyRef! { name } } }
  envFrom! { secretRef { name } configMapRef { name } }`;
const containerStatus = `name restartCount ready started?
  state { waiting { reason message } running? terminated { exitCode signal reason message } }
  lastState { terminated { exitCode signal reason finishedAt } }`;

export const pods = kind<Pods>({
  id: 'pods',
  kind: 'Pod',
  version: 'v1',
  section: 'Workloads',
  shortNames: ['po'],
  columns: own.list,
  select: `
    spec {
      volumes {
        secret { secretName }
        configMap { name }
        persistentVolumeClaim { claimName }
        projected { sources { secret { name } configMap { name } } }
      }
      containers { ${container} }
      initContainers { restartPolicy? ${container} }
      nodeName serviceAccountName hostNetwork priorityClassName priority? overhead
      imagePullSecrets! { name }
      readinessGates! { conditionType }
      resources! { requests limits }
    }
    status {
      phase reason message qosClass nominatedNodeName podIP~ startTime
      conditions { type status reason message }
      initContainerStatuses { ${containerStatus} }
      containerStatuses { ${containerStatus} }
    }`,
  row(pod, meta, cells) {
    const { spec, status } = pod;
    writeState(pod, cells, meta.deleting !== 0);
    writeTemplate(pod, cells);
    writeImages(pod, cells);
    if (status !== null) {
      cells.name(at.ip, status.podIP);
      cells.time(at.started, status.startTime);
    }
    if (spec !== null) cells.text(at.node, spec.nodeName);
  },
  shared: {
    fields: podFields,
    parts: [{ write: (pod, cells) => writeState(pod, cells, false) }, { write: writeTemplate }, { write: writeImages }],
    places: [
      { type: 'text', column: at.node },
      { type: 'name', column: at.ip },
      { type: 'time', column: at.started },
    ],
  },
});

/** How it is doing, by its conditions and its containers' statuses. */
function writeState({ spec, status }: Pods, cells: Cells, deleting: boolean): void {
  const found = computeStatus(spec, status, deleting);
  const total = found.total;
  cells.text(at.ready, ratio(found.ready, total));
  sayExactly(cells, found.status, toneOf(found, status?.phase ?? ''), found.why);
  cells.number(at.restarts, found.restarts);
  cells.time(at.lastrestart, found.lastRestart);
  cells.text(at.lastreason, found.lastReason);
  cells.number(at.readycontainers, found.ready);
  cells.number(at.containercount, total);
  cells.text(at.containers, containerBricks(spec, status));
  if (status !== null) {
    cells.text(at.phase, status.phase);
    cells.text(at.qos, status.qosClass);
    cells.text(at.nominated, status.nominatedNodeName);
  }
  if (spec !== null && spec.readinessGates.length > 0) cells.text(at.gates, readinessGates(spec, status));
}

/** What its template says, apart from the images. */
function writeTemplate({ spec }: Pods, cells: Cells): void {
  if (spec === null) return;
  cells.text(at.serviceaccount, spec.serviceAccountName);
  cells.text(at.priorityclass, spec.priorityClassName);
  if (spec.priority !== null) cells.number(at.priority, spec.priority);
  cells.number(at.hostnetwork, spec.hostNetwork ? 1 : 0);
  cells.number(at.cpurequest, podCpu(spec, 'requests'));
  cells.number(at.memoryrequest, podMemory(spec, 'requests'));
  cells.number(at.cpulimit, podCpu(spec, 'limits'));
  cells.number(at.memorylimit, podMemory(spec, 'limits'));
  cells.text(at.refs, podReferences(spec));
}

function writeImages({ spec }: Pods, cells: Cells): void {
  if (spec !== null) cells.text(at.images, podImages(spec));
}
