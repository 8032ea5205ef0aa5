import type { Definition } from '../../../core/cluster/crds/contract.ts';

/** Definitions with all words in what is shown of them. */
export function findDefinitions(definitions: readonly Definition[], text: string): Definition[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return definitions.filter(({ key, kind, group, shortNames, categories, clusters }) => {
    const versions = clusters.flatMap((there) => there.versions.map(({ name }) => name));
    const shown = [key, kind, group, ...shortNames, ...categories, ...versions].join(' ').toLowerCase();
    return words.every((word) => shown.includes(word));
  });
}

/** Somebody should look at it: broken, different between clusters, or kept in a version that is on its way out. */
export function needsLook({ differs, clusters }: Definition): boolean {
  return (
    differs ||
    clusters.some(
      ({ problem, established, versions, stored }) =>
        problem !== undefined ||
        !established ||
        versions.some(({ deprecated, served, name }) => (deprecated || !served) && stored.includes(name)),
    )
  );
}

/** Over all clusters; null when none of them is known. */
export function instancesOf({ clusters }: Definition): number | null {
  const known = clusters.flatMap(({ instances }) => (instances === null ? [] : [instances]));
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
}

export function csvOf(definitions: readonly Definition[]): string {
  const rows = definitions.flatMap(({ key, kind, group, scope, clusters }) =>
    clusters.map(({ cluster, versions, stored, conversion, established, instances }) => [
      key,
      kind,
      group,
      scope,
      cluster,
      versions.map(({ name, served }) => (served ? name : `(${name})`)).join(' '),
      stored.join(' '),
      conversion,
      String(established),
      instances === null ? '' : String(instances),
    ]),
  );
  const head = [
    'name',
    'kind',
    'group',
    'scope',
    'cluster',
    'versions',
    'stored',
    'conversion',
    'established',
    'instances',
  ];
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}

/** A cell that begins like a formula is text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
