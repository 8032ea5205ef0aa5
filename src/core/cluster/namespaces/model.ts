import { quantity } from '../../kube/projectors/quantity.ts';
import type { NetworkDefault, QuotaEffect, QuotaUse } from './contract.ts';

/** An object as JSON; its kind says what is in it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    finalizers?: string[];
    creationTimestamp?: string;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

/** Labels that tell to whom something belongs; the first that is there counts. */
export const ownerLabels = [
  'team',
  'owner',
  'app.kubernetes.io/team',
  'app.kubernetes.io/owner',
  'squad',
  'department',
];

export function ownerOf(labels: Readonly<Record<string, string>>): string {
  for (const key of ownerLabels) {
    const value = labels[key];
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

/** Used of hard; null where nothing is allowed and nothing is used. */
export function shareOf(used: string, hard: string): number | null {
  const [have, most] = [quantity(used || '0'), quantity(hard)];
  if (Number.isNaN(have) || Number.isNaN(most)) return null;
  if (most === 0) return have > 0 ? 1 : null;
  return have / most;
}

/** Most used first. */
export function byShare(uses: readonly QuotaUse[]): QuotaUse[] {
  return [...uses].sort((a, b) => (b.share ?? -1) - (a.share ?? -1) || (a.resource < b.resource ? -1 : 1));
}

/** `name: used/hard, …` as the columns `request` and `limit` of quotas have it; a name may have a slash: `count/jobs.batch`. */
export function readUses(quota: string, text: string): QuotaUse[] {
  if (text === '') return [];
  return text.split(', ').flatMap((part) => {
    const found = /^(.*): ([^/]*)\/([^/]*)$/.exec(part);
    if (found === null) return [];
    const [, resource = '', used = '', hard = ''] = found;
    return [{ quota, resource, used, hard, share: shareOf(used, hard) }];
  });
}

/** A policy as its row tells it. */
export interface PolicyRow {
  /** `*` is every pod. */
  selector: string;
  /** `Ingress,Egress`. */
  types: string;
  ingress: number;
  egress: number;
}

/**
 * What pods get that no other policy selects. Policies add up: one that selects every pod isolates them, and what any of
 * them lets through is let through.
 */
export function networkDefault(policies: readonly PolicyRow[], direction: 'ingress' | 'egress'): NetworkDefault {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const forAll = policies.filter(({ selector, types }) => selector === '*' && types.split(',').includes(type));
  if (forAll.length === 0) return 'open';
  return forAll.some((policy) => policy[direction] > 0) ? 'limited' : 'denied';
}

/** What a quota's new limits mean, resource by resource; those that do not change are there, too. */
export function quotaEffects(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  used: Readonly<Record<string, string>>,
): QuotaEffect[] {
  const resources = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return resources.map((resource) => {
    const effect = {
      resource,
      before: before[resource] ?? '',
      after: after[resource] ?? '',
      used: used[resource] ?? '',
    };
    return { ...effect, state: stateOf(effect) };
  });
}

function stateOf({ after, used }: Pick<QuotaEffect, 'after' | 'used'>): QuotaEffect['state'] {
  if (after === '') return 'removed';
  const [have, most] = [quantity(used), quantity(after)];
  if (Number.isNaN(have) || Number.isNaN(most)) return 'unknown';
  if (have > most) return 'over';
  return have === most ? 'full' : 'fits';
}

/** A selector of an object in words: `*` for every one. */
export function selectorText(selector: unknown): string {
  const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key: string; operator: string; values?: string[] }[];
  };
  const parts = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of matchExpressions) {
    const list = `(${values.join(',')})`;
    if (operator === 'In') parts.push(`${key} in ${list}`);
    else if (operator === 'NotIn') parts.push(`${key} notin ${list}`);
    else parts.push(operator === 'Exists' ? key : `!${key}`);
  }
  return parts.length === 0 ? '*' : parts.sort().join(',');
}

interface Peer {
  podSelector?: unknown;
  namespaceSelector?: unknown;
  ipBlock?: { cidr: string; except?: string[] };
}

interface PolicyRule {
  from?: Peer[];
  to?: Peer[];
  ports?: { protocol?: string; port?: string | number; endPort?: number }[];
}

/** What a rule of a network policy lets through: `pods app=web of this namespace on TCP 80`. */
export function ruleText(rule: unknown): string {
  const { from, to, ports = [] } = rule as PolicyRule;
  const peers = from ?? to ?? [];
  const who = peers.length === 0 ? 'everything' : peers.map(peerText).join(' or ');
  if (ports.length === 0) return who;
  const listed = ports.map(({ protocol = 'TCP', port, endPort }) => {
    const range = endPort === undefined ? '' : `-${endPort}`;
    return port === undefined ? protocol : `${protocol} ${port}${range}`;
  });
  return `${who} on ${listed.join(', ')}`;
}

function peerText({ podSelector, namespaceSelector, ipBlock }: Peer): string {
  if (ipBlock !== undefined) {
    return ipBlock.except?.length ? `${ipBlock.cidr} without ${ipBlock.except.join(', ')}` : ipBlock.cidr;
  }
  const pods = podSelector === undefined ? '*' : selectorText(podSelector);
  const which = pods === '*' ? 'all pods' : `pods ${pods}`;
  if (namespaceSelector === undefined) return `${which} of this namespace`;
  const spaces = selectorText(namespaceSelector);
  return spaces === '*' ? `${which} of all namespaces` : `${which} of namespaces ${spaces}`;
}
