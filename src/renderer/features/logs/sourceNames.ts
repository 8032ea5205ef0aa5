import type { LogSource } from '../../../core/cluster/logs/contract.ts';

const colors = ['blue', 'teal', 'amber', 'violet', 'green', 'pink', 'orange', 'olive', 'red', 'slate'];

/** How a source is told from the others. */
export interface SourceLook {
  /** What is the same for all is left out; empty where there is one only. */
  name: string;
  /** A colour token's name. */
  color: string;
}

/** Names and colours of the sources that are read, by index. Both stay as more come, but for what names have in common. */
export function lookOf(sources: readonly LogSource[]): ReadonlyMap<number, SourceLook> {
  const names = sourceNames(sources);
  return new Map(
    [...names].map(([index, name], place) => [index, { name, color: colors[place % colors.length] as string }]),
  );
}

/** Short names that tell the sources apart: what is the same for all is left out. */
export function sourceNames(sources: readonly LogSource[]): Map<number, string> {
  const chosen = sources.filter((source) => source.chosen);
  const differ = (of: (source: LogSource) => string) => new Set(chosen.map(of)).size > 1;
  const clusters = differ(({ cluster }) => cluster);
  const pods = differ(({ pod, uid }) => `${pod} ${uid}`);
  const containers = differ(({ container }) => container) || !pods;
  const base = commonStart(chosen.map(({ pod }) => pod));
  return new Map(
    chosen.map(({ index, cluster, pod, container }) => [
      index,
      [
        clusters ? cluster.slice(-8) : '',
        pods ? (base.length > 0 && base.length < pod.length ? pod.slice(base.length) : pod) : '',
        containers ? container : '',
      ]
        .filter((part) => part !== '')
        .join('/'),
    ]),
  );
}

/** What all names begin with, up to a hyphen. */
function commonStart(names: readonly string[]): string {
  const [first = '', ...rest] = new Set(names);
  if (rest.length === 0) return '';
  let length = 0;
  while (length < first.length && rest.every((name) => name[length] === first[length])) length++;
  return first.slice(0, first.lastIndexOf('-', length - 1) + 1);
}
