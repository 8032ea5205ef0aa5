import { KubeSageError } from '../../kernel/errors.ts';
import { compilePattern } from '../resources/index.ts';
import type { LinePattern, LogQuery } from './contract.ts';
import { severities } from './contract.ts';

/** Whether a line is wanted. */
export type LineFilter = (text: string, severity: number) => boolean;

/** @throws KubeSageError `invalid` for an expression that cannot be used */
export function createFilter(query: Pick<LogQuery, 'include' | 'exclude' | 'severities'>): LineFilter | undefined {
  const include = query.include && matcher(query.include);
  const exclude = query.exclude && matcher(query.exclude);
  const wanted = query.severities && new Set(query.severities.map((name) => severities.indexOf(name)));
  if (include === undefined && exclude === undefined && wanted === undefined) return undefined;
  return (text, severity) =>
    (wanted?.has(severity) ?? true) && (include?.(text) ?? true) && !(exclude?.(text) ?? false);
}

function matcher({ text, regex }: LinePattern): (line: string) => boolean {
  if (!regex) {
    const wanted = text.toLowerCase();
    return (line) => line.toLowerCase().includes(wanted);
  }
  const pattern = compilePattern(text);
  if ('problem' in pattern) throw new KubeSageError('invalid', pattern.problem, { hint: 'Write it as plain text.' });
  return (line) => pattern.test(line);
}
