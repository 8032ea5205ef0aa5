import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '../../platform/audit/contract.ts';
import { hiddenValue, redact, toYaml } from '../resources/index.ts';
import type { KubeObject } from './model.ts';

/** What is written by the server and stands in nobody's way: not shown in an editor and not sent. */
const serverFields = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'];
const lastApplied = '/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration';

/** The object as somebody would have written it. */
export function asWritten(object: KubeObject): KubeObject {
  const { status: _, ...rest } = object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([key]) => !serverFields.includes(key)));
  return { ...rest, metadata } as KubeObject;
}

/** Values of secrets are sizes in it. */
export function shownText(object: KubeObject, isSecret: boolean): string {
  return toYaml(redact(asWritten(object), isSecret).object);
}

/** `shownText`, with a word at each value of a secret that is another one than before and looks the same. */
export function shownAfter(before: KubeObject | undefined, after: KubeObject, isSecret: boolean): string {
  if (!isSecret || before === undefined) return shownText(after, isSecret);
  const shown = structuredClone(redact(asWritten(after), true).object) as Record<string, unknown>;
  for (const part of ['data', 'stringData']) {
    const values = shown[part] as Record<string, string> | undefined;
    const [old, next] = [before[part], after[part]] as (Record<string, unknown> | undefined)[];
    for (const key of Object.keys(values ?? {})) {
      if (values !== undefined && old?.[key] !== undefined && !isDeepStrictEqual(old[key], next?.[key])) {
        values[key] = `${values[key]} (changed)`;
      }
    }
  }
  return toYaml(shown);
}

export function shownChanges(changes: readonly FieldChange[], isSecret: boolean): FieldChange[] {
  if (!isSecret) return [...changes];
  const whole = (value: unknown) => (value === undefined ? undefined : redact(value, true).object);
  const hidden = (value: unknown) => (value === undefined ? undefined : hiddenValue);
  return changes.map(({ path, before, after }) => {
    if (path === '') return { path, before: whole(before), after: whole(after) };
    const secret = /^\/(data|stringData)(\/|$)/.test(path) || path === lastApplied || path === '/metadata/annotations';
    return secret ? { path, before: hidden(before), after: hidden(after) } : { path, before, after };
  });
}
