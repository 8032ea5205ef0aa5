import type { TopologyGroup, TopologyNode } from './contract.ts';
import type { Group, Path } from './groups.ts';
import { addTones, noTones, type Part, type ToneCounts, urgency, worse, worstOf } from './model.ts';
import { refLines } from './parts.ts';

export interface LevelsQuestion {
  budget: number;
  /** Keys of groups that are to be opened before others. */
  open: ReadonlySet<string>;
  hosts: boolean;
  config: boolean;
  focus: Part | undefined;
  /** Keys of groups that were open before: among equals they stay so, or boxes would come and go with every change. */
  before: ReadonlySet<string>;
}

export interface Levels {
  nodes: TopologyNode[];
  groups: TopologyGroup[];
  aggregates: number;
  focus: string | null;
}

/** What an opened group may take although the budget is spent: the user asked for it. */
const opened = 400;
/** Closed groups that have a node of their own; the others of a cluster share one. */
const mostGroups = 200;

/**
 * Chooses what has a node of its own. All that has none is counted in an aggregate; the worst groups are opened first,
 * and in a group that does not fit, its worst paths.
 */
export function levelsOf(groups: readonly Group[], question: LevelsQuestion): Levels {
  return new Choice(question).choose(groups);
}

class Choice {
  readonly #question: LevelsQuestion;
  readonly #nodes = new Map<string, TopologyNode>();
  /** The node of every part. */
  readonly #places = new Map<Part, string>();
  readonly #groups: TopologyGroup[] = [];

  constructor(question: LevelsQuestion) {
    this.#question = question;
  }

  choose(groups: readonly Group[]): Levels {
    const { open, focus, budget, before } = this.#question;
    const rankOf = new Map(groups.map((group) => [group, this.#rank(group, focus)]));
    const order = [...groups].sort(
      (a, b) =>
        (rankOf.get(a) as number) - (rankOf.get(b) as number) ||
        Number(b.failing > 0) - Number(a.failing > 0) ||
        Number(before.has(b.key)) - Number(before.has(a.key)) ||
        b.failing - a.failing ||
        urgency(worstOf(a.tones)) - urgency(worstOf(b.tones)) ||
        (a.key < b.key ? -1 : 1),
    );
    const most = Math.min(mostGroups, budget >> 1);
    const single = order.slice(0, most);
    let left = budget - single.length;
    for (const group of single) {
      const asked = (rankOf.get(group) as number) < 2;
      const size = this.#sizeOf(group);
      const isFirst = group === single[0];
      if (size - 1 <= left) {
        left -= size - 1;
        this.#openGroup(group, size);
      } else if (asked || isFirst) {
        const room = open.has(group.key) ? Math.max(left, opened) : Math.max(left, budget >> 2);
        left -= this.#openGroup(group, room) - 1;
      } else this.#close(group, `group:${group.key}`, 'group');
    }
    for (const group of order.slice(most)) this.#close(group, `groups:${group.cluster}`, 'groups');
    this.#link();
    const nodes = [...this.#nodes.values()];
    return {
      nodes,
      groups: this.#groups,
      aggregates: nodes.filter(({ form }) => form === 'more' || form === 'group' || form === 'groups').length,
      focus: focus === undefined ? null : (this.#places.get(focus) ?? null),
    };
  }

  /** 0 holds the focus, 1 was asked for, 2 is any other, 3 has only hosts. */
  #rank(group: Group, focus: Part | undefined): number {
    if (focus !== undefined) {
      if (group.shared.includes(focus) || group.paths.some(({ parts }) => parts.includes(focus))) return 0;
    }
    if (this.#question.open.has(group.key)) return 1;
    return group.paths.length === 0 ? 3 : 2;
  }

  /** Nodes that it takes when it is open; what layers hide is one node a kind. */
  #sizeOf(group: Group): number {
    const hosts = group.shared.filter(({ stage }) => stage === 'host').length;
    return group.size - (this.#question.hosts || hosts === 0 ? 0 : hosts - 1);
  }

  /** @returns how many nodes it took */
  #openGroup(group: Group, room: number): number {
    const { focus } = this.#question;
    this.#tellGroup(group, true);
    const before = this.#nodes.size;
    const paths = [...group.paths];
    const focused = paths.findIndex(({ parts }) => focus !== undefined && parts.includes(focus));
    if (focused > 0) paths.unshift(...(paths.splice(focused, 1) as [Path]));
    let left = room;
    for (const [at, path] of paths.entries()) {
      const fits = path.parts.length <= left || (at === 0 && focused !== -1);
      left -= fits ? path.parts.length : 0;
      for (const part of path.parts) {
        if (fits) this.#own(group, part);
        else this.#more(group, part);
      }
    }
    const shared = [...group.shared].sort((a, b) => urgency(a.tone) - urgency(b.tone));
    for (const part of shared) {
      const hidden = part.stage === 'host' && !this.#question.hosts;
      if (!hidden && left > 0) {
        left--;
        this.#own(group, part);
      } else this.#more(group, part);
    }
    return this.#nodes.size - before;
  }

  #tellGroup(group: Group, open: boolean): void {
    const { key, cluster, clusterName, namespace, app, count, failing, tones } = group;
    this.#groups.push({ key, cluster, clusterName, namespace, app, count, failing, open, tone: worstOf(tones) });
  }

  #own(group: Group, part: Part): void {
    const { key, stage, form, kind, kindName, namespace, name, object, tone, status, count } = part;
    const node: TopologyNode = {
      key,
      group: group.key,
      stage,
      form,
      kind,
      kindName,
      cluster: group.cluster,
      namespace,
      name,
      tone,
      status,
      count,
      edges: [],
    };
    if (object !== undefined) node.object = object;
    if (form === 'pods') node.tones = { ...part.tones };
    if (part.filter !== undefined) node.filter = part.filter;
    const uses = this.#question.config ? [] : usesOf(part);
    if (uses.length > 0) node.uses = uses;
    this.#nodes.set(key, node);
    this.#places.set(part, key);
  }

  #more(group: Group, part: Part): void {
    const key = `${group.key}#${part.stage}#${part.kind}`;
    const names = { kind: part.kind, kindName: part.kindName, namespace: group.namespace, name: '' };
    this.#sum(key, { group, stage: part.stage, form: 'more', ...names }, part.tones);
    this.#places.set(part, key);
  }

  #close(group: Group, key: string, form: 'group' | 'groups'): void {
    if (form === 'group') this.#tellGroup(group, false);
    const names = {
      kind: '',
      kindName: '',
      namespace: form === 'group' ? group.namespace : '',
      name: form === 'group' ? group.app || group.namespace : '',
    };
    const box = form === 'group' ? group.key : `groups:${group.cluster}`;
    const node = this.#sum(key, { group: { ...group, key: box }, stage: 'workload', form, ...names }, group.tones);
    if (form === 'groups') node.status = String(Number(node.status || 0) + 1);
    for (const path of group.paths) for (const part of path.parts) this.#places.set(part, key);
    for (const part of group.shared) this.#places.set(part, key);
  }

  #sum(
    key: string,
    of: Pick<TopologyNode, 'stage' | 'form' | 'kind' | 'kindName' | 'namespace' | 'name'> & { group: Group },
    tones: ToneCounts,
  ): TopologyNode {
    let node = this.#nodes.get(key);
    if (node === undefined) {
      const { group, ...names } = of;
      const sums = { tone: 'stopped', status: '', count: 0, tones: noTones(), edges: [] } as const;
      node = { key, group: group.key, cluster: group.cluster, ...names, ...sums, edges: [] };
      this.#nodes.set(key, node);
    }
    const sum = node.tones as ToneCounts;
    addTones(sum, tones);
    for (const count of Object.values(tones)) node.count += count;
    node.tone = node.count === 0 ? worse(node.tone, worstOf(tones)) : worstOf(sum);
    return node;
  }

  /** Relations between nodes; several of one kind are one with their number. */
  #link(): void {
    const { hosts } = this.#question;
    const edges = new Map<string, TopologyNode['edges'][number]>();
    for (const [part, from] of this.#places) {
      const node = this.#nodes.get(from);
      for (const { to, kind, count } of part.edges) {
        const target = this.#places.get(to);
        // Every pod runs somewhere: without hosts to tell apart, that says nothing.
        if (node === undefined || target === undefined || target === from || (kind === 'runsOn' && !hosts)) continue;
        const id = `${from} ${kind} ${target}`;
        const known = edges.get(id);
        if (known !== undefined) {
          known.count += count;
          continue;
        }
        const edge = { to: target, kind, count };
        edges.set(id, edge);
        node.edges.push(edge);
      }
    }
  }
}

function usesOf(part: Part): NonNullable<TopologyNode['uses']> {
  if (part.refs === undefined) return [];
  const counts = new Map<string, number>();
  for (const line of refLines(part)) {
    const kindName = line.slice(0, line.indexOf('/'));
    counts.set(kindName, (counts.get(kindName) ?? 0) + 1);
  }
  return [...counts].sort().map(([kindName, count]) => ({ kindName, count }));
}
