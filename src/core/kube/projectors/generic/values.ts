import { isRecord } from '../read.ts';

/** Messages that JSON writes as one value, by full name. Go's own MarshalJSON methods are the source of each. */
export type ValueKind =
  | 'time'
  | 'microTime'
  | 'duration'
  | 'quantity'
  | 'intOrString'
  | 'raw'
  | 'schemaOrBool'
  | 'schemaOrArray'
  | 'schemaOrStrings';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
const extensions = 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions';

export const valueKinds: ReadonlyMap<string, ValueKind> = new Map<string, ValueKind>([
  [`${meta}.Time`, 'time'],
  [`${meta}.MicroTime`, 'microTime'],
  [`${meta}.Duration`, 'duration'],
  [`${meta}.FieldsV1`, 'raw'],
  ['k8s.io.apimachinery.pkg.api.resource.Quantity', 'quantity'],
  ['k8s.io.apimachinery.pkg.util.intstr.IntOrString', 'intOrString'],
  ['k8s.io.apimachinery.pkg.runtime.RawExtension', 'raw'],
  ...['v1', 'v1beta1'].flatMap((version): [string, ValueKind][] => [
    [`${extensions}.${version}.JSON`, 'raw'],
    [`${extensions}.${version}.JSONSchemaPropsOrBool`, 'schemaOrBool'],
    [`${extensions}.${version}.JSONSchemaPropsOrArray`, 'schemaOrArray'],
    [`${extensions}.${version}.JSONSchemaPropsOrStringArray`, 'schemaOrStrings'],
  ]),
]);

/** RFC 3339 with whole seconds, or with microseconds, as Go writes Time and MicroTime. */
export function timeText(seconds: number, nanos: number, micro: boolean): string {
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return micro ? `${text}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}Z` : `${text}Z`;
}

/** Seconds and nanoseconds of an RFC 3339 text; undefined when it is none. */
export function timeParts(text: string): { seconds: number; nanos: number } | undefined {
  const parts = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const ms = Date.parse(`${parts[1]}${parts[3]}`);
  if (Number.isNaN(ms)) return undefined;
  return { seconds: ms / 1000, nanos: Number((parts[2] ?? '').slice(0, 9).padEnd(9, '0')) };
}

/** Go's text of a duration: `1h30m0s`, `1.5s`, `20ms`. */
export function durationText(nanos: number): string {
  if (nanos === 0) return '0s';
  const sign = nanos < 0 ? '-' : '';
  const amount = Math.abs(nanos);
  if (amount < 1e3) return `${sign}${amount}ns`;
  if (amount < 1e6) return `${sign}${amount / 1e3}µs`;
  if (amount < 1e9) return `${sign}${amount / 1e6}ms`;
  const hours = Math.floor(amount / 3.6e12);
  const minutes = Math.floor((amount % 3.6e12) / 6e10);
  const seconds = (amount % 6e10) / 1e9;
  return `${sign}${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${seconds}s`;
}

export function isEmptyRecord(value: unknown): boolean {
  return isRecord(value) && Object.keys(value).length === 0;
}
