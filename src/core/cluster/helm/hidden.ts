import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '../../platform/audit/contract.ts';

/** What stands for a value that is not shown. */
export const hiddenValue = '(hidden)';

/** Words that name a secret, and endings that say that only its name or its place is meant. */
const secretWords =
  /passw(or)?d|passphrase|secret|token|credential|(api|access|private|encryption|signing|auth)[-_.]?key|^key$/i;
const aboutIt =
  /(name|ref|refs|enabled|existing\w*|class|path|mount|namespace|create|annotations|labels|type|length|ttl|expiry)$/i;

export function looksSecret(key: string): boolean {
  return secretWords.test(key) && !aboutIt.test(key);
}

/** Values with those hidden whose keys look like secrets, at any depth; `paths` says which, `texts` what they were. */
export function hideValues(values: unknown): { values: unknown; paths: string[]; texts: string[] } {
  const paths: string[] = [];
  const texts: string[] = [];
  const walk = (value: unknown, path: string, secret: boolean): unknown => {
    if (Array.isArray(value)) return value.map((item, at) => walk(item, `${path}[${at}]`, secret));
    if (isRecord(value)) {
      // An environment variable: its name says what its value is.
      const named = typeof value.name === 'string' && looksSecret(value.name);
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => {
          const below = key === 'value' && named ? true : !aboutIt.test(key) && (secret || looksSecret(key));
          return [key, walk(inner, path === '' ? key : `${path}.${key}`, below)];
        }),
      );
    }
    if (!secret || value === null || value === '' || typeof value === 'boolean') return value;
    paths.push(path);
    texts.push(String(value));
    return hiddenValue;
  };
  return { values: walk(values, '', false), paths, texts };
}

/** Values as somebody edited them, with what stayed hidden put back from what it was. */
export function unhide(edited: unknown, before: unknown): unknown {
  if (edited === hiddenValue) return before;
  if (Array.isArray(edited))
    return edited.map((item, at) => unhide(item, Array.isArray(before) ? before[at] : undefined));
  if (!isRecord(edited)) return edited;
  return Object.fromEntries(
    Object.entries(edited).map(([key, value]) => [
      key,
      unhide(value, isRecord(before) && Object.hasOwn(before, key) ? before[key] : undefined),
    ]),
  );
}

/** Short ones are words that stand in texts by chance. */
const shortest = 8;

/** Takes secret texts, plain and as base64, out of another text: values find their way into manifests and notes. */
export function scrub(text: string, texts: readonly string[]): string {
  let scrubbed = text;
  for (const secret of [...new Set(texts)]
    .filter(({ length }) => length >= shortest)
    .sort((a, b) => b.length - a.length)) {
    scrubbed = scrubbed.replaceAll(secret, hiddenValue).replaceAll(Buffer.from(secret).toString('base64'), hiddenValue);
  }
  return scrubbed;
}

/** Environment variables of a written manifest whose names look secret, with their values hidden. */
export function hideVariables(text: string): string {
  return text.replace(
    /^(\s*- name:[ \t]*["']?([\w.-]+)["']?[ \t]*\n[ \t]*value:[ \t]*)(?!["']{2}[ \t]*$)\S.*$/gm,
    (line, before: string, name: string) => (looksSecret(name) ? `${before}${hiddenValue}` : line),
  );
}

/** Changes with both sides hidden where the path leads through a key that looks secret. That it changed stays. */
export function hideChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes.flatMap((change) => {
    const keys = change.path.split('/').slice(1);
    const last = keys.at(-1) ?? '';
    const secret = keys.some(looksSecret) && !aboutIt.test(last);
    if (secret) return [bothHidden(change)];
    const shown = {
      path: change.path,
      ...('before' in change && { before: hideValues(change.before).values }),
      ...('after' in change && { after: hideValues(change.after).values }),
    };
    return isDeepStrictEqual(shown, change) ? [change] : [shown];
  });
}

export function bothHidden(change: FieldChange): FieldChange {
  return {
    path: change.path,
    ...(change.before !== undefined && { before: hiddenValue }),
    ...(change.after !== undefined && { after: hiddenValue }),
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
