import { stringify } from 'yaml';
import { useQuery } from '../../client/index.ts';
import type { NewObject } from '../../state/newObject.ts';
import { exampleObject } from '../../ui/schema/example.ts';
import type { SchemaSet } from '../../ui/schema/schema.ts';

/** What the text of a new object begins with; undefined while it is not known yet. */
export function useStart(start: NewObject | undefined, cluster: string | undefined): string | undefined {
  const kind = start?.kind;
  const templates = useQuery((client) => client.manifests.templates, kind === undefined ? null : {});
  const template = templates.data?.templates.find(
    ({ text }) => headOf(text, 'kind') === kind?.kind && headOf(text, 'apiVersion') === kind?.apiVersion,
  );
  const asked = kind !== undefined && cluster !== undefined && templates.data !== undefined && template === undefined;
  const schema = useQuery(
    (client) => client.manifests.schema,
    asked ? { cluster, apiVersion: kind.apiVersion, kind: kind.kind } : null,
  );
  if (start === undefined) return '';
  if (kind === undefined) return start.text ?? '';
  if (template !== undefined) return template.text;
  const name = `my-${kind.kind.toLowerCase()}`;
  if (schema.data !== undefined) {
    return stringify(exampleObject(schema.data as SchemaSet, { ...kind, name }), { lineWidth: 0 });
  }
  // Without a schema the head is all that is known.
  if (schema.error !== undefined || templates.error !== undefined) {
    return `apiVersion: ${kind.apiVersion}\nkind: ${kind.kind}\nmetadata:\n  name: ${name}\n`;
  }
  return undefined;
}

function headOf(text: string, key: string): string | undefined {
  return new RegExp(`^${key}: (\\S+)$`, 'm').exec(text)?.[1];
}
