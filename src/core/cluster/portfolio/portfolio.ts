import type { LiveSource } from '../../kernel/contract.ts';
import type { Delivery } from '../gitops/contract.ts';
import type { Release } from '../helm/contract.ts';
import { type Sources, WatchedRows } from '../topology/index.ts';
import { applicationsOf, rowsOf } from './applications.ts';
import type { Application, ApplicationPart, By } from './contract.ts';
import { partKinds, partsOf } from './parts.ts';
import { workloadKinds, workloadsOf } from './workloads.ts';

interface Wanted {
  clusters?: string[] | undefined;
  namespaces?: string[] | undefined;
  by: By;
}

/** What the capability is made from. */
export interface PortfolioSources extends Sources {
  /** Helm releases and deliveries of these clusters, followed while somebody looks; all open ones when empty. */
  releases(clusters: readonly string[]): LiveSource<unknown, Release>;
  deliveries(clusters: readonly string[]): LiveSource<unknown, Delivery>;
}

interface Head {
  clusters: { cluster: string; name: string }[];
  looked: number;
  loading: boolean;
  problems: string[];
}

interface PartsHead {
  application: Application | null;
  loading: boolean;
  problems: string[];
}

/** Every application of the chosen part of the fleet. */
export function followApplications(sources: PortfolioSources, wanted: Wanted): LiveSource<Head, Application> {
  const delivered = followDelivered(sources);
  const namespaces = wanted.namespaces === undefined ? undefined : new Set(wanted.namespaces);
  const rows = new WatchedRows<Head, Application>(sources, {
    kinds: [...workloadKinds, 'namespaces'],
    clusters: wanted.clusters,
    onOther: delivered.onChange,
    look({ clusters, loading, problems }) {
      const workloads = workloadsOf(sources.tables, clusters, { by: wanted.by, namespaces });
      const found = new Map(workloads.map(({ cluster }) => [cluster.id, cluster.name]));
      const head = {
        clusters: [...found]
          .map(([cluster, name]) => ({ cluster, name }))
          .sort((a, b) => a.name.localeCompare(b.name) || (a.cluster < b.cluster ? -1 : 1)),
        looked: clusters.length,
        loading,
        problems: problems.filter(isTelling),
      };
      return { head, rows: applicationsOf(workloads, delivered.read(), wanted.by) };
    },
  });
  return withEnd(rows, delivered);
}

/** One application with what it is made of. */
export function followApplication(
  sources: PortfolioSources,
  wanted: Wanted & { name: string },
): LiveSource<PartsHead, ApplicationPart> {
  const delivered = followDelivered(sources);
  const namespaces = wanted.namespaces === undefined ? undefined : new Set(wanted.namespaces);
  const rows = new WatchedRows<PartsHead, ApplicationPart>(sources, {
    kinds: [...workloadKinds, 'namespaces', ...partKinds],
    clusters: wanted.clusters,
    onOther: delivered.onChange,
    look({ clusters, loading, problems }) {
      const all = workloadsOf(sources.tables, clusters, { by: wanted.by, namespaces });
      const own = all.filter(({ application }) => application === wanted.name);
      const [application = null] = applicationsOf(own, delivered.read(), wanted.by);
      const parts = own.length === 0 ? [] : partsOf(sources.tables, own, delivered.read());
      return { head: { application, loading, problems: problems.filter(isTelling) }, rows: parts };
    },
  });
  return withEnd(rows, delivered);
}

/** Namespaces are read for the owners that they tell alone: who may not list them misses no application. */
function isTelling(problem: string): boolean {
  return !problem.startsWith('You may not list namespaces ');
}

/** An application in Argo CD's cluster delivers to another one: all are followed, whatever is looked at. */
function followDelivered({ releases, deliveries }: PortfolioSources) {
  const [helm, gitops] = [releases([]), deliveries([])];
  return {
    onChange: [helm.onChange, gitops.onChange],
    read: () => ({ releases: rowsOf(helm), deliveries: rowsOf(gitops) }),
    dispose() {
      helm.dispose();
      gitops.dispose();
    },
  };
}

function withEnd<H, R extends { key: string }>(rows: LiveSource<H, R>, other: { dispose(): void }): LiveSource<H, R> {
  return {
    read: () => rows.read(),
    onChange: rows.onChange,
    dispose() {
      rows.dispose();
      other.dispose();
    },
  };
}
