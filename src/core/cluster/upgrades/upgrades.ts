import type { Clock } from '../../kernel/clock.ts';
import type { LiveSource, LiveState } from '../../kernel/contract.ts';
import { type Disposable, Scope } from '../../kernel/disposable.ts';
import { Emitter } from '../../kernel/emitter.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { Document, Documents } from '../../platform/settings/index.ts';
import type { FleetCluster, OpenClusters } from '../fleet/openClusters.ts';
import { runCheck } from './check.ts';
import type { Finding, NodeGroup, Report, Source, UpgradeRow } from './contract.ts';
import { apisOf } from './data/apis.ts';
import { lifecycleSource, releasesSource } from './data/releases.ts';
import { judge, supportOf } from './judge.ts';
import { reportMarkdown } from './markdown.ts';
import { nodeGroups } from './readTables.ts';
import { type CheckLines, type Kept, KeptUpgrades } from './tables.ts';
import { compareVersions, minorOf } from './versions.ts';

/** Clusters that are read at once: a fleet of hundreds must not flood the machine's network. */
const checksAtOnce = 4;
/** Lines of a check that are kept to tell what the next one changed. */
const mostLines = 2_000;

interface FleetHead {
  newest: number;
  support: Source;
  apis: Source;
}

export interface Upgrades extends Disposable {
  follow(wanted: { clusters: readonly string[] }): LiveSource<FleetHead, UpgradeRow>;
  /**
   * Begins to read a cluster. Rejects with `notFound`, `unavailable` while it is not live, `conflict` while it is being read,
   * `invalid` for a target that is not newer.
   */
  check(cluster: string, target?: number): Promise<void>;
  cancel(cluster: string): void;
  setTarget(cluster: string, target: number): Promise<void>;
  tick(cluster: string, step: string, done: boolean): Promise<void>;
  /** Null before the first check. */
  report(cluster: string): Report | null;
  markdown(cluster: string): string;
  /** Resolves when the check that goes on has ended. */
  ended(cluster: string): Promise<void>;
}

interface UpgradesDeps {
  fleet: OpenClusters;
  /** What a cluster's server says it is, `v1.36.4`; null before the first contact. */
  versionOf(cluster: string): string | null;
  tables: Tables;
  documents: Documents;
  clock: Clock;
  /** Gives others their turn. */
  pause(): Promise<void>;
}

export async function createUpgrades(deps: UpgradesDeps): Promise<Upgrades> {
  return new UpgradeAssistant(deps, await deps.documents.open('upgrades', KeptUpgrades));
}

interface Running {
  end: AbortController;
  progress: NonNullable<UpgradeRow['check']>;
  ended: Promise<void>;
}

class UpgradeAssistant implements Upgrades {
  readonly #deps: UpgradesDeps;
  readonly #kept: Document<KeptUpgrades>;
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly #running = new Map<string, Running>();
  readonly #freed = this.#scope.add(new Emitter<void>());
  #active = 0;
  readonly #problems = new Map<string, { message: string; hint: string }>();
  /** Reports are made when somebody asks, and kept until something of them changes. */
  readonly #reports = new Map<string, { revision: number; report: Report | null }>();
  readonly #groups = new Map<string, { turn: number; groups: readonly NodeGroup[] }>();
  readonly #revisions = new Map<string, number>();

  constructor(deps: UpgradesDeps, kept: Document<KeptUpgrades>) {
    this.#deps = deps;
    this.#kept = kept;
  }

  follow({ clusters }: { clusters: readonly string[] }): LiveSource<FleetHead, UpgradeRow> {
    return new FollowedFleet(this.#deps, this.#changed.event, () => this.#rows(clusters));
  }

  async check(id: string, target?: number): Promise<void> {
    const cluster = this.#cluster(id);
    if (cluster.state !== 'live') {
      throw new KubeSageError('unavailable', `${cluster.name} is not connected`, {
        hint: cluster.reason ?? 'Open it first.',
      });
    }
    if (target !== undefined) await this.setTarget(id, target);
    if (this.#running.has(id)) throw new KubeSageError('conflict', `${cluster.name} is being checked`);
    const end = new AbortController();
    const running: Running = {
      end,
      progress: { what: 'Waiting for other checks', done: 0, of: 0, objects: 0 },
      ended: Promise.resolve(),
    };
    this.#running.set(id, running);
    this.#problems.delete(id);
    running.ended = this.#run(cluster, running);
    this.#tell(id);
  }

  async #run(cluster: FleetCluster, running: Running): Promise<void> {
    const { id } = cluster;
    const { signal } = running.end;
    try {
      const before = this.#lines(id);
      const evidence = await this.#inTurn(signal, () =>
        runCheck(
          this.#deps,
          cluster,
          (progress) => {
            running.progress = progress;
            this.#changed.fire();
          },
          signal,
        ),
      );
      await this.#update(id, (kept) => ({ ...kept, evidence, ...(before !== undefined && { before }) }));
    } catch (error) {
      if (signal.aborted) return;
      const { message, hint = '' } = toErrorValue(error);
      this.#problems.set(id, { message, hint });
    } finally {
      this.#running.delete(id);
      this.#tell(id);
    }
  }

  /** Does some work when few others do. Rejects with the signal's reason, also while it waits. */
  async #inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    while (this.#active >= checksAtOnce) {
      await new Promise<void>((resolve) => {
        const freed = this.#freed.event(() => {
          freed.dispose();
          resolve();
        });
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      signal.throwIfAborted();
    }
    this.#active++;
    try {
      return await work();
    } finally {
      this.#active--;
      this.#freed.fire();
    }
  }

  cancel(cluster: string): void {
    this.#running.get(cluster)?.end.abort();
  }

  async ended(cluster: string): Promise<void> {
    await this.#running.get(cluster)?.ended;
  }

  async setTarget(id: string, target: number): Promise<void> {
    const minor = this.#minor(this.#cluster(id));
    if (minor !== undefined && target <= minor) {
      throw new KubeSageError('invalid', `1.${target} is not newer than what runs`, {
        hint: `Choose 1.${minor + 1} or newer.`,
      });
    }
    await this.#update(id, (kept) => ({ ...kept, target }));
  }

  async tick(id: string, step: string, done: boolean): Promise<void> {
    const cluster = this.#cluster(id);
    const target = String(this.#target(cluster) ?? '');
    await this.#update(id, (kept) => {
      const { [step]: _ticked, ...others } = kept.ticks[target] ?? {};
      const ticks = done ? { ...others, [step]: this.#deps.clock.now() } : others;
      return { ...kept, ticks: { ...kept.ticks, [target]: ticks } };
    });
  }

  report(id: string): Report | null {
    const cluster = this.#cluster(id);
    const revision = this.#revision(id);
    const known = this.#reports.get(id);
    if (known?.revision === revision) return known.report;
    const report = this.#judge(cluster);
    this.#reports.set(id, { revision, report });
    return report;
  }

  markdown(id: string): string {
    const report = this.report(id);
    if (report !== null) return reportMarkdown(report);
    throw new KubeSageError('notFound', `${this.#cluster(id).name} was not checked yet`, { hint: 'Check it first.' });
  }

  dispose(): void {
    for (const { end } of this.#running.values()) end.abort();
    this.#scope.dispose();
  }

  #judge(cluster: FleetCluster): Report | null {
    const { evidence, before, ticks } = this.#of(cluster.id);
    const target = this.#target(cluster);
    if (evidence === undefined || target === undefined) return null;
    const { clock } = this.#deps;
    const live = cluster.state === 'live' ? this.#nodes(cluster) : [];
    const cgroups = new Map(
      evidence.nodes.map((group) => [`${group.runtime} ${group.os} ${group.kernel}`, group.cgroup]),
    );
    const nodes = live.map((group) => ({
      ...group,
      cgroup: cgroups.get(`${group.runtime} ${group.os} ${group.kernel}`) ?? null,
    }));
    const judged = judge(nodes.length === 0 ? evidence : { ...evidence, nodes }, {
      cluster: cluster.id,
      name: cluster.name,
      version: this.#deps.versionOf(cluster.id) ?? evidence.version,
      target,
      nowMs: clock.now(),
      ticks: ticks[String(target)] ?? {},
    });
    if (judged === undefined) return null;
    const comparable = before !== undefined && before.target === target ? before : undefined;
    return { ...judged, changed: comparable === undefined ? null : changesSince(comparable, judged.findings) };
  }

  /** What the report says now, as the next check will compare it. */
  #lines(id: string): CheckLines | undefined {
    const report = this.report(id);
    if (report === null) return undefined;
    return { at: report.checkedAt, target: report.target, lines: linesOf(report.findings).slice(0, mostLines) };
  }

  #rows(wanted: readonly string[]): UpgradeRow[] {
    return this.#deps.fleet
      .all()
      .filter(({ id, open, known }) => (wanted.length === 0 ? open || known : wanted.includes(id)))
      .map((cluster) => this.#row(cluster));
  }

  #row(cluster: FleetCluster): UpgradeRow {
    const { id, name, state } = cluster;
    const { versionOf, clock } = this.#deps;
    const version = versionOf(id) ?? this.#of(id).evidence?.version ?? null;
    const minor = version === null ? undefined : minorOf(version);
    const support = minor === undefined ? undefined : supportOf(minor, clock.now());
    const kubelets = new Map<string, number>();
    for (const { kubelet, count } of this.#nodes(cluster)) {
      kubelets.set(kubelet, (kubelets.get(kubelet) ?? 0) + count);
    }
    const report = this.report(id);
    const count = (severity: Finding['severity']) =>
      report === null ? null : report.findings.filter((each) => each.severity === severity).length;
    const problem = this.#problems.get(id);
    return {
      key: id,
      name,
      state: state === 'live' ? 'live' : 'away',
      version,
      minor: minor ?? null,
      kubelets: [...kubelets]
        .map(([each, nodes]) => ({ version: each, count: nodes }))
        .sort((a, b) => compareVersions(b.version, a.version)),
      supportEnds: support?.ends ?? null,
      support: support?.state ?? 'unknown',
      target: this.#target(cluster) ?? null,
      blockers: count('blocker'),
      warnings: count('warning'),
      unread: report?.findings.find(({ key }) => key === 'unseen')?.evidence.length ?? 0,
      checkedAt: report?.checkedAt ?? null,
      check: this.#running.get(id)?.progress ?? null,
      problem: problem?.message ?? '',
      hint: problem?.hint ?? '',
      revision: this.#revision(id),
    };
  }

  /** Out of the table, as it is now; counted again when the table has changed. */
  #nodes({ id, index }: FleetCluster): readonly NodeGroup[] {
    const { tables } = this.#deps;
    const turn = tables.get('nodes')?.changes.written ?? -1;
    const known = this.#groups.get(id);
    if (known?.turn === turn) return known.groups;
    const groups = nodeGroups({ tables, index }) ?? [];
    this.#groups.set(id, { turn, groups });
    return groups;
  }

  #target(cluster: FleetCluster): number | undefined {
    const minor = this.#minor(cluster);
    if (minor === undefined) return undefined;
    const { target } = this.#of(cluster.id);
    // What was chosen has been reached: the next one.
    return target !== undefined && target > minor ? target : minor + 1;
  }

  #minor({ id }: FleetCluster): number | undefined {
    const version = this.#deps.versionOf(id) ?? this.#of(id).evidence?.version;
    return version === undefined ? undefined : minorOf(version);
  }

  #cluster(id: string): FleetCluster {
    const cluster = this.#deps.fleet.byId(id);
    if (cluster === undefined) throw new KubeSageError('notFound', 'There is no such cluster');
    return cluster;
  }

  #of(id: string): Kept {
    return this.#kept.value.clusters[id] ?? { ticks: {} };
  }

  /** Changes with everything that a report is made of: what was read, chosen and ticked, the version and the nodes. */
  #revision(id: string): number {
    const cluster = this.#deps.fleet.byId(id);
    const nodes = cluster === undefined ? [] : this.#nodes(cluster);
    const stamp = [
      this.#revisions.get(id) ?? 0,
      this.#deps.versionOf(id),
      cluster?.state,
      ...nodes.map((group) => `${group.kubelet} ${group.runtime} ${group.os} ${group.kernel} ${group.count}`),
    ].join('\n');
    let number = 0;
    for (const letter of stamp) number = (Math.imul(number, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
    return number;
  }

  async #update(id: string, change: (kept: Kept) => Kept): Promise<void> {
    const written = this.#kept.update((value) => ({
      ...value,
      clusters: { ...value.clusters, [id]: change(value.clusters[id] ?? { ticks: {} }) },
    }));
    this.#tell(id);
    await written;
  }

  #tell(id: string): void {
    this.#revisions.set(id, (this.#revisions.get(id) ?? 0) + 1);
    this.#changed.fire();
  }
}

/** Versions change rarely: rows are made anew this long after something changed, not with each change of a node. */
const settleMs = 500;

class FollowedFleet implements LiveSource<FleetHead, UpgradeRow> {
  readonly #scope = new Scope();
  readonly #changed = this.#scope.add(new Emitter<void>());
  readonly onChange = this.#changed.event;
  readonly #rows: () => UpgradeRow[];
  #rev = 0;
  #settling: Disposable | undefined;

  constructor(
    { fleet, tables, clock }: UpgradesDeps,
    onChange: (hear: () => void) => Disposable,
    rows: () => UpgradeRow[],
  ) {
    this.#rows = rows;
    const tell = () => {
      this.#rev++;
      this.#changed.fire();
    };
    const soon = () => {
      this.#settling ??= clock.after(settleMs, () => {
        this.#settling = undefined;
        tell();
      });
    };
    this.#scope.add(onChange(tell));
    this.#scope.add(fleet.onChange(soon));
    this.#scope.add(fleet.demand('nodes'));
    const nodes = tables.get('nodes');
    if (nodes !== undefined) this.#scope.add(nodes.onChange(soon));
    this.#scope.add(
      tables.onTable((table) => {
        if (table.schema.id === 'nodes') this.#scope.add(table.onChange(soon));
      }),
    );
  }

  read(): LiveState<FleetHead, UpgradeRow> {
    return {
      rev: this.#rev,
      head: { newest: apisOf, support: releasesSource, apis: lifecycleSource },
      rows: this.#rows(),
    };
  }

  dispose(): void {
    this.#settling?.dispose();
    this.#scope.dispose();
  }
}

function linesOf(findings: readonly Finding[]): CheckLines['lines'] {
  return findings.flatMap(({ key, title, evidence }) =>
    evidence.length === 0
      ? [{ finding: key, text: title }]
      : evidence.map(({ object, text }) => ({
          finding: key,
          text: `${title}: ${object === undefined ? text : [object.namespace, object.name].filter(Boolean).join('/')}`,
        })),
  );
}

function changesSince(before: CheckLines, findings: readonly Finding[]): NonNullable<Report['changed']> {
  const then = new Set(before.lines.map(({ text }) => text));
  const lines = linesOf(findings);
  const now = new Set(lines.map(({ text }) => text));
  return {
    since: before.at,
    gone: [...then].filter((text) => !now.has(text)),
    come: [...new Set(lines.filter(({ text }) => !then.has(text)).map(({ text }) => text))],
  };
}
