import { formatLocation, pathOf } from '../../app/router.ts';

export const kindTabs = ['fields', 'versions', 'example', 'definition'] as const;
export type KindTab = (typeof kindTabs)[number];

/** The documentation of a kind in a cluster, and of one of its fields. */
export function explainPath(
  cluster: string,
  kind: string,
  params: { version?: string | undefined; field?: string | undefined; tab?: KindTab | undefined } = {},
): string {
  const { tab, ...rest } = params;
  return formatLocation(pathOf('/crds/:cluster/:kind', { cluster, kind }), {
    ...rest,
    tab: tab === 'fields' ? undefined : tab,
  });
}
