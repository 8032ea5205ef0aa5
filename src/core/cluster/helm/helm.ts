import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/contract.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import { type HelmProgram, missing } from '../../kube/helm/index.ts';
import { createPermissions } from '../actions/index.ts';
import type { Changes } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { readChart } from './chart.ts';
import { type Charts, createCharts } from './charts.ts';
import type {
  ChartDetail,
  Left,
  Operation,
  ReleaseDetail,
  ReleaseDiff,
  ReleaseName,
  ReleaseObject,
  Right,
} from './contract.ts';
import { readObjects } from './objects.ts';
import { commandLine, planOf, previewOperation, rightsOf } from './operations.ts';
import { diffRevisions, readRelease } from './release.ts';
import { createReleases, type Releases } from './releases.ts';
import { createRepositories, type Repositories } from './repositories.ts';

export interface Helm extends Disposable {
  follow: Releases['follow'];
  program(): Promise<{ found: boolean; path: string; version: string; message: string; hint: string }>;
  release(
    wanted: ReleaseName & { revision?: number | undefined; reveal: boolean },
    signal: AbortSignal,
  ): Promise<ReleaseDetail>;
  diff(wanted: ReleaseName & { from: number; to: number; reveal: boolean }, signal: AbortSignal): Promise<ReleaseDiff>;
  objects(wanted: ReleaseName, signal: AbortSignal): Promise<ReleaseObject[]>;
  charts: Charts;
  chart(wanted: { chart: string; version?: string | undefined }, signal: AbortSignal): Promise<ChartDetail>;
  repositories: Repositories;
  rights(
    place: Pick<ReleaseName, 'cluster' | 'namespace'> & { name?: string | undefined },
    signal: AbortSignal,
  ): ReturnType<typeof rightsOf>;
  preview(
    operation: Operation,
    signal: AbortSignal,
  ): Promise<{
    diff: ReleaseDiff;
    notes: string[];
    left: Left[];
    lacks: Right[];
    commandLine: string;
    confirmation: ReturnType<Changes['confirmation']>;
  }>;
  /** Begins it and returns the run's id. Throws as `Changes.start`. */
  run(operation: Operation, by: { principal: Principal; confirmed?: string | undefined }): string;
}

/** Reads releases from what helm stored in the clusters, and changes them with the user's own helm. */
export function createHelm(deps: {
  fleet: OpenClusters;
  changes: Changes;
  program: HelmProgram;
  tables: Tables;
  clock: Clock;
}): Helm {
  const { fleet, changes, program, tables, clock } = deps;
  const repositories = createRepositories(program);
  const releases = createReleases({ fleet, tables, clock });
  const permissions = createPermissions(fleet, clock);
  const operations = { fleet, program, permissions, written: (cluster: string) => releases.refresh(cluster) };
  return {
    follow: (wanted) => releases.follow(wanted),
    async program() {
      try {
        const found = await program.find();
        if (found === null) throw missing();
        return { found: true, path: found.path, version: found.version, message: '', hint: '' };
      } catch (error) {
        const { message, hint = '' } = toErrorValue(error);
        return { found: false, path: '', version: '', message, hint };
      }
    },
    release: (wanted, signal) => readRelease(fleet, wanted, signal),
    diff: (wanted, signal) => diffRevisions(fleet, wanted, signal),
    objects: (wanted, signal) => readObjects(fleet, wanted, signal),
    charts: createCharts(program, repositories),
    chart: (wanted, signal) => readChart(program, wanted, signal),
    repositories,
    rights: (place, signal) => rightsOf(operations, place, signal),
    async preview(operation, signal) {
      return {
        ...(await previewOperation(operations, operation, signal)),
        commandLine: commandLine(fleet, operation),
        confirmation: changes.confirmation(planOf(operations, operation)),
      };
    },
    run: (operation, by) => changes.start(planOf(operations, operation), by),
    dispose: () => releases.dispose(),
  };
}
