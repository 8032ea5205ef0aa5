import type { KindSchema } from '../../kube/columns/schema.ts';

/** Path of one object at an API server. */
export function objectPath(
  kind: Pick<KindSchema, 'group' | 'version' | 'resource' | 'namespaced'>,
  namespace: string,
  name: string,
): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope = kind.namespaced && namespace !== '' ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${kind.resource}/${encodeURIComponent(name)}`;
}
