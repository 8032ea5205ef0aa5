import { stringify } from 'yaml';
import { exampleObject } from '../../ui/schema/example.ts';
import type { KindDocs } from './useKindDocs.ts';

/** The least that the server asks for, as YAML. */
export function exampleText({ set, group, version, kind }: KindDocs): string {
  if (set === undefined) return '';
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return stringify(exampleObject(set, { apiVersion, kind, name: `my-${kind.toLowerCase()}` }), {
    lineWidth: 0,
  });
}
