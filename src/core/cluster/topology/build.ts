import { meta, type Tone } from '../../kube/columns/schema.ts';
import type { TextStore } from '../../kube/columns/stores.ts';
import type { Table } from '../../kube/columns/table.ts';
import { findRow } from '../resources/index.ts';
import type { Stage } from './contract.ts';
import { linkSlice } from './endpoints.ts';
import { type ClusterParts, noTones, type Part, urgency, worse, worstOf } from './model.ts';
import {
  appOf,
  type BuildQuestion,
  configKinds,
  gatewayKinds,
  ingressKind,
  link,
  namedPart,
  objectPart,
  partKey,
  policyKinds,
  refLines,
  routeKinds,
  ruleKind,
  sliceKind,
  workloadKinds,
} from './parts.ts';
import { type Linking, linkRoute, type Named, ruledServices } from './routes.ts';
import { type Labelled, Selecting } from './selecting.ts';
import { fluxApplication, trackedKey } from './tracking.ts';

/** Pods of one workload that are shown one by one, the worst first; the others stay one node. */
const mostPods = 100;

/** Everything of one cluster that the question is about, with its relations, out of the tables. */
export function buildCluster(question: BuildQuestion): ClusterParts {
  return new Builder(question).build();
}

class Builder {
  readonly #question: BuildQuestion;
  readonly #parts: Part[] = [];
  /** Workloads, and what owns them, by uid; a ReplicaSet's or a Job's is that of what it belongs to. */
  readonly #byUid = new Map<string, Part>();
  readonly #byName = new Map<string, Part>();
  readonly #pods = new Map<Part, Part>();
  readonly #labelled = new Map<string, Labelled<Part>[]>();
  readonly #selecting = new Map<string, Selecting<Part>>();
  readonly #apps = new Map<string, string>();
  /** By namespace and name of a pod, where endpoints are asked for. */
  readonly #podParts = new Map<string, Part>();

  constructor(question: BuildQuestion) {
    this.#question = question;
  }

  build(): ClusterParts {
    const { cluster, clusterName, config, policies } = this.#question;
    for (const kind of workloadKinds) this.#workloads(kind);
    this.#hosts();
    this.#podsOf();
    this.#each('services', 'service', (part, table, row) => {
      this.#service(part, table.text(row, table.column('selector')));
    });
    if (this.#question.endpoints) this.#endpoints();
    this.#each(ingressKind, 'entry', (part, table, row) => this.#entry(part, table, row));
    const linking: Linking = {
      find: (named, stage) => this.#find(named, stage),
      kindId: (kindName) => this.#question.kindId(kindName),
      select: (namespace, selector) => this.#selectable(namespace).select(selector),
    };
    const routed = (part: Part, table: Table, row: number) => linkRoute(part, table, row, linking);
    for (const kind of gatewayKinds) this.#each(kind, 'entry', routed);
    for (const kind of routeKinds) this.#each(kind, 'route', routed);
    if (policies) this.#policies();
    if (config) this.#config();
    return { cluster, clusterName, parts: this.#parts };
  }

  /** Calls `use` for each row of the cluster that is in the namespaces; cluster-scoped ones always are. */
  #rows(kind: string, use: (table: Table, row: number) => void): void {
    const table = this.#question.tables.get(kind);
    if (table === undefined) return;
    const { namespaces } = this.#question;
    const store = table.textStore(meta.namespace);
    let wanted: Uint8Array | undefined;
    if (namespaces !== undefined && table.schema.namespaced) {
      wanted = new Uint8Array(store.dictionary.size);
      for (const namespace of namespaces) {
        const id = store.dictionary.find(namespace);
        if (id !== undefined) wanted[id] = 1;
      }
    }
    for (const row of table.rowsOf(this.#question.index)) {
      if (wanted === undefined || wanted[store.ids[row] as number] === 1) use(table, row);
    }
  }

  #each(kind: string, stage: Stage, use?: (part: Part, table: Table, row: number) => void): void {
    this.#rows(kind, (table, row) => {
      const part = this.#object(table, row, stage);
      this.#add(part);
      use?.(part, table, row);
    });
  }

  #add(part: Part): Part {
    this.#parts.push(part);
    this.#byName.set(part.key, part);
    return part;
  }

  #object(table: Table, row: number, stage: Stage): Part {
    const { cluster } = this.#question;
    const names = {
      cluster,
      namespace: table.text(row, meta.namespace),
      name: table.text(row, meta.name),
      uid: table.uid(row),
    };
    const [tone, status] = [table.tone(row), table.text(row, meta.status)];
    const labels = table.text(row, meta.labels);
    const { tracked } = this.#question;
    const manager =
      (tracked.size > 0 ? tracked.get(trackedKey(table.schema.kind, names.namespace, names.name)) : undefined) ??
      fluxApplication(labels);
    const app = manager ?? this.#app(labels);
    const matched = this.#matches(table, row);
    return objectPart(table, names, { stage, tone, status, app, managed: manager !== undefined, matched });
  }

  #app(labels: string): string {
    let app = this.#apps.get(labels);
    if (app === undefined) {
      app = appOf(labels);
      this.#apps.set(labels, app);
    }
    return app;
  }

  #matches(table: Table, row: number): boolean {
    const { filters } = this.#question;
    return filters === null || filters.get(table.schema.id)?.test(row) === true;
  }

  #workloads(kind: string): void {
    this.#rows(kind, (table, row) => {
      const uid = table.uid(row);
      const ownerUid = table.text(row, meta.ownerUid);
      const owner = ownerUid === '' ? undefined : this.#byUid.get(ownerUid);
      if (owner !== undefined && owner.stage === 'workload') {
        // A deployment's ReplicaSets and a schedule's Jobs are not told apart from it; what fails among Jobs is.
        this.#byUid.set(uid, owner);
        if (kind === 'jobs.batch' && urgency(table.tone(row)) < urgency('progressing'))
          this.#failedJob(owner, table, row);
        return;
      }
      const part = this.#add(this.#object(table, row, 'workload'));
      this.#byUid.set(uid, part);
      if (ownerUid !== '') link(this.#owner(table.text(row, meta.owner), ownerUid, part.namespace), part, 'owns');
    });
  }

  #failedJob(schedule: Part, table: Table, row: number): void {
    schedule.tone = worse(schedule.tone, table.tone(row));
    schedule.tones = { ...noTones(), [schedule.tone]: 1 };
    schedule.status = `Job ${table.text(row, meta.status)}`;
  }

  /** What owns a workload and is none itself: a custom resource, mostly. */
  #owner(text: string, uid: string, namespace: string): Part {
    const known = this.#byUid.get(uid);
    if (known !== undefined) return known;
    const part = this.#add(this.#named(text, namespace, 'owner'));
    this.#byUid.set(uid, part);
    return part;
  }

  /** `Kind/name`, with what its table knows of it. */
  #named(text: string, namespace: string, stage: Stage): Part {
    const { cluster, tables, index, kindId } = this.#question;
    const cut = text.indexOf('/');
    const [kindName, name] = [text.slice(0, cut), text.slice(cut + 1)];
    const kind = kindId(kindName) ?? kindName;
    const table = tables.get(kind);
    if (table !== undefined && stage === 'owner') {
      for (const row of table.rowsOf(index)) {
        if (table.text(row, meta.name) !== name) continue;
        const space = table.text(row, meta.namespace);
        if (space === '' || space === namespace) return this.#object(table, row, stage);
      }
    }
    return namedPart(cluster, { kind, kindName, namespace, name }, { stage, tone: 'unknown', status: '' });
  }

  #hosts(): void {
    this.#each('nodes', 'host');
  }

  #podsOf(): void {
    const { cluster, open, tables } = this.#question;
    const table = tables.get('pods');
    if (table === undefined) return;
    const owners = table.textStore(meta.ownerUid);
    const labels = table.textStore(meta.labels);
    const namespaces = table.textStore(meta.namespace);
    const hosts = table.store('node') as TextStore | undefined;
    const refs = table.store('refs') as TextStore | undefined;
    const byOwner = new Map<number, Part | null>();
    const byHost = new Map<number, Part | undefined>();
    const byLabels = new Map<string, Labelled<Part>>();
    const opened = new Map<Part, number[]>();
    const take = (part: Part, row: number) => {
      const namespace = namespaces.ids[row] as number;
      if (this.#question.endpoints) this.#podParts.set(`${namespaces.text(row)}/${table.text(row, meta.name)}`, part);
      const key = `${namespace} ${labels.ids[row]} ${part.key}`;
      const known = byLabels.get(key);
      if (known !== undefined) known.count++;
      else {
        const labelled = { labels: labels.text(row), of: part, count: 1 };
        byLabels.set(key, labelled);
        const space = namespaces.text(row);
        const all = this.#labelled.get(space);
        if (all === undefined) this.#labelled.set(space, [labelled]);
        else all.push(labelled);
      }
      if (refs !== undefined && refs.ids[row] !== 0) {
        part.refs ??= new Set();
        part.refs.add(refs.text(row));
      }
      const hostId = hosts?.ids[row] as number | undefined;
      if (hostId !== undefined && hostId !== 0) {
        if (!byHost.has(hostId)) {
          byHost.set(hostId, this.#byName.get(partKey(cluster, 'nodes', '', hosts?.dictionary.text(hostId) ?? '')));
        }
        const host = byHost.get(hostId);
        if (host !== undefined) link(part, host, 'runsOn');
      }
    };
    this.#rows('pods', (_, row) => {
      const ownerId = owners.ids[row] as number;
      let workload = byOwner.get(ownerId);
      if (workload === undefined) {
        workload = this.#workloadOf(table, row, ownerId === 0 ? '' : owners.text(row));
        byOwner.set(ownerId, workload);
      }
      if (workload === null) {
        take(this.#add(this.#object(table, row, 'pods')), row);
        return;
      }
      const pods = this.#podsPart(workload);
      if (pods.app === '') pods.app = this.#app(labels.text(row));
      if (workload.app === '') workload.app = pods.app;
      if (open.has(pods.key)) {
        const rows = opened.get(pods);
        if (rows === undefined) opened.set(pods, [row]);
        else rows.push(row);
        return;
      }
      this.#count(pods, table, row);
      take(pods, row);
    });
    for (const [pods, rows] of opened) {
      rows.sort((a, b) => urgency(table.tone(a)) - urgency(table.tone(b)) || table.compareNames(a, b));
      const workload = [...this.#pods].find(([, part]) => part === pods)?.[0];
      for (const row of rows.slice(0, mostPods)) {
        const pod = this.#add(this.#object(table, row, 'pods'));
        if (workload !== undefined) link(workload, pod, 'owns');
        take(pod, row);
      }
      for (const row of rows.slice(mostPods)) {
        this.#count(pods, table, row);
        take(pods, row);
      }
    }
    for (const [workload, pods] of this.#pods) {
      if (pods.count === 0) continue;
      pods.tone = worstOf(pods.tones);
      pods.status = statusOf(pods);
      this.#add(pods);
      link(workload, pods, 'owns', pods.count);
    }
  }

  /** Null for a pod that stands alone: without an owner, or a static one, which its node owns. */
  #workloadOf(table: Table, row: number, ownerUid: string): Part | null {
    if (ownerUid === '') return null;
    const known = this.#byUid.get(ownerUid);
    if (known !== undefined) return known;
    const owner = table.text(row, meta.owner);
    if (owner.startsWith('Node/')) return null;
    const part = this.#add(this.#named(owner, table.text(row, meta.namespace), 'workload'));
    this.#byUid.set(ownerUid, part);
    return part;
  }

  #podsPart(workload: Part): Part {
    const known = this.#pods.get(workload);
    if (known !== undefined) return known;
    const pods: Part = {
      ...workload,
      key: `${workload.key}#pods`,
      stage: 'pods',
      form: 'pods',
      kind: 'pods',
      kindName: 'Pod',
      object: undefined,
      tones: noTones(),
      count: 0,
      refs: undefined,
      filter: undefined,
      matched: false,
      edges: [],
    };
    this.#pods.set(workload, pods);
    return pods;
  }

  #count(pods: Part, table: Table, row: number): void {
    pods.count++;
    // A single pod is an object like any other: it is opened, not expanded.
    if (pods.count > 1) pods.object = undefined;
    else {
      const { cluster } = this.#question;
      const names = { namespace: pods.namespace, name: table.text(row, meta.name), uid: table.uid(row) };
      pods.object = { cluster, kind: 'pods', ...names };
    }
    pods.tones[table.tone(row)]++;
    if (!pods.matched) pods.matched = this.#matches(table, row);
    pods.filter ??= ownerFilter(table.text(row, meta.owner), pods.name);
  }

  #selectable(namespace: string): Selecting<Part> {
    let selecting = this.#selecting.get(namespace);
    if (selecting === undefined) {
      selecting = new Selecting(this.#labelled.get(namespace) ?? []);
      this.#selecting.set(namespace, selecting);
    }
    return selecting;
  }

  /** A service is as well as what is behind it. */
  #service(part: Part, selector: string): void {
    if (selector === '') return;
    const selected = this.#selectable(part.namespace).select(selector);
    const tones = noTones();
    for (const [pods, count] of selected) {
      link(part, pods, 'selects', count);
      for (const [tone, more] of Object.entries(pods.tones)) tones[tone as Tone] += more;
      if (part.app === '') part.app = pods.app;
    }
    const behind = tones.healthy + tones.warning + tones.progressing + tones.failed + tones.unknown;
    if (urgency(part.tone) <= urgency('progressing')) return;
    // Finished pods are behind no service.
    if (behind === 0 && this.#question.isListed('pods')) this.#say(part, 'warning', 'No pods');
    else if (behind > 0 && tones.healthy + tones.warning === 0) {
      if (tones.progressing > 0) this.#say(part, 'progressing', 'No ready pods');
      else if (tones.failed > 0) this.#say(part, 'failed', 'No ready pods');
    }
  }

  #say(part: Part, tone: Tone, status: string): void {
    part.tone = tone;
    part.status = status;
    part.tones = { ...noTones(), [tone]: 1 };
  }

  #entry(part: Part, table: Table, row: number): void {
    const lines = table.text(row, table.column('backends'));
    const refs = table.text(row, table.column('refs'));
    if (refs !== '') part.refs = new Set([refs]);
    if (lines === '') return;
    for (const line of lines.split('\n')) {
      const service = this.#reference(line, part.namespace, 'service');
      if (service === undefined) continue;
      link(part, service, 'routes');
      if (part.app === '') part.app = service.app;
    }
  }

  /** What a line of `Kind/name` names; one that is not there is made, for a reference to nothing is worth seeing. */
  #reference(line: string, namespace: string, stage: Stage): Part | undefined {
    const cut = line.indexOf('/');
    if (cut === -1) return undefined;
    const kindName = line.slice(0, cut);
    const name = line.slice(cut + 1);
    const kind = this.#question.kindId(kindName) ?? kindName;
    return this.#find({ kind, kindName, namespace, name }, stage);
  }

  #find(named: Named, stage: Stage): Part {
    const { cluster, isListed, namespaces, tables, index } = this.#question;
    const { kind, namespace, name } = named;
    const known = this.#byName.get(partKey(cluster, kind, namespace, name));
    if (known !== undefined) return known;
    const table = namespaces === undefined || namespaces.has(namespace) ? undefined : tables.get(kind);
    // Of a namespace that was not asked for, what is named from one that was.
    const row = table === undefined ? -1 : findRow(table, index, { namespace, name });
    if (table !== undefined && row !== -1) return this.#add(this.#object(table, row, stage));
    const missing = isListed(kind);
    const status = missing ? 'Missing' : '';
    return this.#add(namedPart(cluster, named, { stage, tone: missing ? 'warning' : 'unknown', status }));
  }

  #endpoints(): void {
    const { cluster } = this.#question;
    this.#each(sliceKind, 'endpoints', (part, table, row) => {
      const service = table.text(row, table.column('service'));
      linkSlice(part, table, row, {
        service: service === '' ? undefined : this.#byName.get(partKey(cluster, 'services', part.namespace, service)),
        pod: (name) => this.#podParts.get(`${part.namespace}/${name}`),
      });
    });
  }

  #policies(): void {
    this.#each(ruleKind, 'policy', (part, table, row) => {
      for (const service of ruledServices(table, row, part.namespace)) {
        link(part, this.#find(service, 'service'), 'selects');
      }
    });

    for (const kind of policyKinds) {
      this.#each(kind, 'policy', (part, table, row) => {
        const selector = table.text(row, table.column('selector'));
        for (const [pods, count] of this.#selectable(part.namespace).select(selector)) {
          link(part, pods, 'selects', count);
        }
        const target = table.text(row, table.column('target'));
        const workload = target === '' ? undefined : this.#reference(target, part.namespace, 'workload');
        if (workload !== undefined) link(part, workload, 'selects');
      });
    }
  }

  /** The config maps, secrets and claims that are used; the others are no part of any path. */
  #config(): void {
    const rows = new Map<string, { table: Table; row: number }>();
    for (const kind of configKinds) {
      this.#rows(kind, (table, row) => {
        const key = partKey(this.#question.cluster, kind, table.text(row, meta.namespace), table.text(row, meta.name));
        rows.set(key, { table, row });
      });
    }
    for (const part of [...this.#parts]) {
      for (const line of refLines(part)) {
        const cut = line.indexOf('/');
        const kind = this.#question.kindId(line.slice(0, cut)) ?? line.slice(0, cut);
        const key = partKey(this.#question.cluster, kind, part.namespace, line.slice(cut + 1));
        const place = this.#byName.has(key) ? undefined : rows.get(key);
        const target =
          place === undefined
            ? this.#reference(line, part.namespace, 'config')
            : this.#add(this.#object(place.table, place.row, 'config'));
        if (target === undefined) continue;
        link(part, target, 'uses');
        if (target.app === '') target.app = part.app;
      }
    }
  }
}

/** `12 of 14 healthy` as numbers alone; the words are the screen's. */
function statusOf({ tones, count }: Part): string {
  return `${tones.healthy + tones.stopped}/${count}`;
}

/** Lets the pods of a workload through in a list: by their owner's name, whose hash changes with every rollout. */
function ownerFilter(owner: string, workload: string): string {
  const [kind = '', name = ''] = owner.split('/');
  if (name === workload) return `owner="${owner}"`;
  return `owner~"^${kind}/${workload.replace(/[.]/g, '\\.')}-[^-]+$"`;
}
