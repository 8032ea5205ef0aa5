import type { Cell } from './contract.ts';

type Step = { key: string } | { index: number } | 'every' | { where: string[]; equals: string };

/**
 * Reads the part of kubectl's JSONPath that columns use: `.spec.a`, `['a']`, `[0]`, `[-1]`, `[*]`,
 * `[?(@.type=="Ready")]`, with or without braces. Several values are joined by commas, as kubectl does.
 * @returns '' when nothing is there, or when the path can't be read
 */
export function readJsonPath(object: unknown, path: string): Cell {
  const steps = parseJsonPath(path);
  if (steps === undefined) return '';
  let values: unknown[] = [object];
  for (const step of steps) values = values.flatMap((value) => follow(value, step));
  const shown = values.filter((value) => value !== undefined && value !== null);
  if (shown.length === 1 && typeof shown[0] === 'number') return shown[0];
  return shown.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(',');
}

/** Undefined when it is not of the form above. */
export function parseJsonPath(path: string): Step[] | undefined {
  let rest = path.trim();
  if (rest.startsWith('{') && rest.endsWith('}')) rest = rest.slice(1, -1).trim();
  if (rest.startsWith('$')) rest = rest.slice(1);
  if (!rest.startsWith('.') && !rest.startsWith('[')) rest = `.${rest}`;
  const steps: Step[] = [];
  while (rest !== '') {
    const found =
      /^\.((?:[\w-]|\\.)+)/.exec(rest) ??
      /^\[(-?\d+)\]/.exec(rest) ??
      /^(?:\[\*\]|\.\*)/.exec(rest) ??
      /^\[\s*(?:'([^']*)'|"([^"]*)")\s*\]/.exec(rest) ??
      /^\[\?\(\s*@((?:\.[\w-]+)+)\s*==\s*(?:'([^']*)'|"([^"]*)")\s*\)\]/.exec(rest);
    if (found === null) return undefined;
    const [whole, first, second, third] = found;
    if (whole.startsWith('[?')) {
      steps.push({ where: (first as string).slice(1).split('.'), equals: second ?? third ?? '' });
    } else if (whole === '[*]' || whole === '.*') steps.push('every');
    else if (/^\[-?\d/.test(whole)) steps.push({ index: Number(first) });
    else steps.push({ key: (first ?? second ?? '').replaceAll('\\', '') });
    rest = rest.slice(whole.length);
  }
  return steps;
}

function follow(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === 'every') return Object.values(value);
  if ('key' in step) return Object.hasOwn(value, step.key) ? [(value as Record<string, unknown>)[step.key]] : [];
  if (!Array.isArray(value)) return [];
  if ('index' in step) return [value.at(step.index)];
  return value.filter((item) => {
    let at: unknown = item;
    for (const key of step.where) at = follow(at, { key })[0];
    return String(at) === step.equals;
  });
}
