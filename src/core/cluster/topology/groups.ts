import type { ObjectRef } from '../resources/contract.ts';
import { addTones, type ClusterParts, noTones, type Part, type ToneCounts, urgency, worstOf } from './model.ts';

/** Parts that hang together: a path from its entry to its pods, with all that shares any of it. */
export interface Path {
  parts: Part[];
  tones: ToneCounts;
  /** The worst of them; 0 is the worst. */
  urgency: number;
  failing: number;
}

/** A box: a namespace or an application. */
export interface Group {
  key: string;
  cluster: string;
  clusterName: string;
  namespace: string;
  app: string;
  /** Worst first. */
  paths: Path[];
  /** What several paths use: config and hosts. */
  shared: Part[];
  size: number;
  count: number;
  tones: ToneCounts;
  failing: number;
}

/** Hosts and config hold whole clusters together: through them everything would be one path. */
function holdsTogether(part: Part): boolean {
  return part.stage !== 'host' && part.stage !== 'config';
}

/**
 * The boxes of one cluster. With a filter, only paths of which a part is let through are kept, and of what is shared
 * only what they use.
 */
export function groupParts(
  { cluster, clusterName, parts }: ClusterParts,
  { by, filtered, namespaced }: { by: 'namespace' | 'app'; filtered: boolean; namespaced: boolean },
): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = (namespace: string, app: string): Group => {
    const key = by === 'app' ? `${cluster}/${namespace}/${app}` : `${cluster}/${namespace}`;
    let group = groups.get(key);
    if (group === undefined) {
      const sums = { size: 0, count: 0, tones: noTones(), failing: 0 };
      group = { key, cluster, clusterName, namespace, app, paths: [], shared: [], ...sums };
      groups.set(key, group);
    }
    return group;
  };
  const used = new Set<Part>();
  for (const path of pathsOf(parts, by)) {
    if (filtered && !path.parts.some((part) => part.matched)) continue;
    for (const part of path.parts) for (const { to } of part.edges) used.add(to);
    const first = path.parts.find((part) => part.namespace !== '') ?? path.parts[0];
    const app = by === 'app' ? appOfPath(path) : '';
    const group = groupOf(first?.namespace ?? '', app);
    group.paths.push(path);
    group.size += path.parts.length;
    group.failing += path.failing;
    addTones(group.tones, path.tones);
  }
  for (const part of parts) {
    if (holdsTogether(part)) continue;
    // With a filter or a choice of namespaces, hosts that run nothing of it are no part of the picture.
    const always = part.stage === 'host' && !filtered && !namespaced;
    if (!always && !used.has(part) && !(part.stage === 'config' && !filtered)) continue;
    const group = groupOf(part.namespace, by === 'app' ? part.app : '');
    group.shared.push(part);
    group.size++;
    addTones(group.tones, part.tones);
    if (urgency(part.tone) < urgency('progressing')) group.failing++;
  }
  for (const group of groups.values()) {
    group.count = Object.values(group.tones).reduce((sum, count) => sum + count, 0);
    group.paths.sort((a, b) => a.urgency - b.urgency || b.failing - a.failing || byKey(a, b));
  }
  return [...groups.values()];
}

/** What a GitOps engine manages together is one application, whatever its parts call themselves. */
function appOfPath({ parts }: Path): string {
  return (parts.find(({ managed }) => managed) ?? parts.find(({ app }) => app !== ''))?.app ?? '';
}

function byKey(a: Path, b: Path): number {
  return (a.parts[0]?.key ?? '') < (b.parts[0]?.key ?? '') ? -1 : 1;
}

/** One gateway serves many namespaces and applications: through it they would be one path. */
function leadsElsewhere(part: Part, to: Part, by: 'namespace' | 'app'): boolean {
  if (part.namespace !== to.namespace) return true;
  return by === 'app' && part.app !== '' && to.app !== '' && part.app !== to.app && (part.managed || to.managed);
}

/** Parts that are linked, directly or over others. */
function pathsOf(parts: readonly Part[], by: 'namespace' | 'app'): Path[] {
  const at = new Map<Part, number>();
  const roots: number[] = [];
  for (const part of parts) {
    if (!holdsTogether(part)) continue;
    at.set(part, roots.length);
    roots.push(roots.length);
  }
  const rootOf = (place: number): number => {
    let root = place;
    while (roots[root] !== root) root = roots[root] as number;
    for (let step = place; step !== root; ) {
      const next = roots[step] as number;
      roots[step] = root;
      step = next;
    }
    return root;
  };
  for (const [part, place] of at) {
    for (const { to, kind } of part.edges) {
      if (kind === 'routes' && leadsElsewhere(part, to, by)) continue;
      const other = at.get(to);
      if (other !== undefined) roots[rootOf(other)] = rootOf(place);
    }
  }
  const paths = new Map<number, Path>();
  for (const [part, place] of at) {
    const root = rootOf(place);
    let path = paths.get(root);
    if (path === undefined) {
      path = { parts: [], tones: noTones(), urgency: 9, failing: 0 };
      paths.set(root, path);
    }
    path.parts.push(part);
    addTones(path.tones, part.tones);
  }
  for (const path of paths.values()) {
    path.urgency = urgency(worstOf(path.tones));
    path.failing = path.tones.failed + path.tones.warning;
  }
  return [...paths.values()];
}

/** The part that shows an object: its own, or the one of the workload that it belongs to. */
export function partOf(groups: readonly Group[], object: ObjectRef, owners: readonly string[]): Part | undefined {
  const keys = [`${object.cluster}/${object.kind}/${object.namespace}/${object.name}`, ...owners];
  for (const key of keys) {
    for (const group of groups) {
      if (group.cluster !== object.cluster) continue;
      for (const path of group.paths) {
        const found = path.parts.find((part) => part.key === key);
        if (found !== undefined) return found;
      }
      const shared = group.shared.find((part) => part.key === key);
      if (shared !== undefined) return shared;
    }
  }
  return undefined;
}
