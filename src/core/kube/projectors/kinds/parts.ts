import type { BatchBuilder } from '../../columns/batchBuilder.ts';
import { number, say, type ToneIndex, text, tone } from '../kind.ts';
import type { ObjectMeta } from '../meta.ts';
import type { Texts } from '../read.ts';

/** Selections, and what is made of them, that several kinds share. */
export const selectorFields = 'matchLabels matchExpressions { key operator values }';
export const conditionFields = 'type status reason message';
export const templateFields = 'spec { containers { name image } }';

export interface Selector {
  matchLabels: Texts;
  matchExpressions: readonly { key: string; operator: string; values: readonly string[] }[];
}

/**
 * A label selector as kubectl writes it (`app=web,tier in (a,b),!old`), sorted by key. `*` selects everything, '' is no
 * selector at all (which selects nothing).
 */
export function selectorText(selector: Selector | null): string {
  if (selector === null) return '';
  const parts: [key: string, text: string][] = Object.entries(selector.matchLabels).map(([key, value]) => [
    key,
    `${key}=${value}`,
  ]);
  for (const { key, operator, values } of selector.matchExpressions) {
    const list = `(${[...values].sort().join(',')})`;
    const text =
      operator === 'In'
        ? `${key} in ${list}`
        : operator === 'NotIn'
          ? `${key} notin ${list}`
          : operator === 'DoesNotExist'
            ? `!${key}`
            : key;
    parts.push([key, text]);
  }
  if (parts.length === 0) return '*';
  return parts
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, text]) => text)
    .join(',');
}

/** A plain map as a selector: `app=web,tier=front`; '' for an empty one. */
export function mapText(map: Texts): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${map[key]}`)
    .join(',');
}

interface Template {
  spec: { containers: readonly { name: string; image: string }[] } | null;
}

export function containerNames(template: Template | null | undefined): string {
  return template?.spec?.containers.map(({ name }) => name).join(',') ?? '';
}

export function containerImages(template: Template | null | undefined): string {
  return template?.spec?.containers.map(({ image }) => image).join(',') ?? '';
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** The condition when it holds. */
export function holding(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

export function because({ reason, message }: { reason: string; message: string }): string {
  return message === '' ? reason : message;
}

/** kubectl's RWO, ROX, RWX, RWOP. */
const modes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export function accessModes(list: readonly string[]): string {
  return Object.keys(modes)
    .filter((mode) => list.includes(mode))
    .map((mode) => modes[mode])
    .join(',');
}

export function flag(value: boolean): number {
  return value ? 1 : 0;
}

/** Kinds that are only there: nothing to be said of their health. */
export function present(cells: BatchBuilder, meta: ObjectMeta): void {
  say(cells, meta, '', tone.healthy);
}

export interface Replicas {
  desired: number;
  ready: number;
  /** The controller has not seen the last change of the object yet. */
  behind: boolean;
}

/** Status of what has replicas and nothing more to tell. */
export function sayReplicas(
  cells: BatchBuilder,
  meta: ObjectMeta,
  { desired, ready, behind }: Replicas,
  trouble: Condition | undefined,
): void {
  if (trouble !== undefined)
    say(cells, meta, trouble.reason === '' ? trouble.type : trouble.reason, tone.failed, trouble.message);
  else if (behind) say(cells, meta, 'Progressing', tone.progressing, 'The controller has not seen the last change yet');
  else if (desired === 0 && ready === 0) say(cells, meta, 'Scaled to zero', tone.stopped);
  else if (ready < desired) {
    const how: ToneIndex = ready === 0 ? tone.failed : tone.warning;
    say(cells, meta, ready === 0 ? 'Unavailable' : 'Degraded', how, `${desired - ready} of ${desired} not ready`);
  } else say(cells, meta, 'Ready', tone.healthy);
}

export const images = text('Images', 1, 260);
export const containers = text('Containers', 1, 160, 'Names of the containers in the template');
export const selector = text('Selector', 1, 200);
export const desired = number('Desired');
