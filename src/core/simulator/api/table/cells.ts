import { at, type KubeObject } from '../../objects.ts';

export type Cell = string | number | boolean;

/** How a kind is printed: columns as `Name`, `Name:integer`, or with a `+` in front for `-o wide` only. */
export interface KindTable {
  columns: readonly string[];
  cells(object: KubeObject, now: number): Cell[];
}

/** A value's text, or `<none>`. */
export function orNone(value: unknown): string {
  return value === undefined || value === null || value === '' ? '<none>' : String(value);
}

export function mapText(values: Readonly<Record<string, unknown>> | undefined): string {
  const pairs = Object.entries(values ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? '<none>' : pairs.sort().join(',');
}

export function containerNames(podSpec: unknown, field: 'name' | 'image'): string {
  const containers = at(podSpec, 'containers');
  return Array.isArray(containers) ? containers.map((container) => String(at(container, field) ?? '')).join(',') : '';
}
