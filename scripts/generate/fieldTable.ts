import type { Api, Field } from './messages.ts';

const scalars: Record<string, string> = {
  string: 's',
  bytes: 'y',
  bool: 'b',
  int32: 'i',
  int64: 'l',
  uint32: 'u',
  uint64: 'v',
  double: 'd',
  float: 'f',
};

/**
 * The field table as TypeScript: one line a message, `name|field;field`, a field being number, name, `:`, type and
 * flags. Types are a scalar's letter or a message's index; `*` repeated, `{` a map with text keys; flags P pointer,
 * O omitempty, Z omitzero, I inline; a name that ends in `[]` is a Go slice. Read by generic/table.ts.
 */
export function fieldTable(api: Api, header: string): string {
  const names = [...api.messages.keys()].sort();
  const index = new Map(names.map((name, at) => [name, at]));
  const text = (field: Field): string => {
    const scalar = scalars[field.type];
    const type = scalar ?? index.get(field.type);
    if (type === undefined) throw new Error(`Field ${field.name} has the type ${field.type}, which is not known`);
    if (field.mapKey !== undefined && field.mapKey !== 'string') throw new Error(`Map keys of type ${field.mapKey}`);
    const prefix = field.mapKey !== undefined ? '{' : field.repeated ? '*' : '';
    const flags = `${field.pointer ? 'P' : ''}${field.omitEmpty ? 'O' : ''}${field.omitZero ? 'Z' : ''}${field.inline ? 'I' : ''}`;
    return `${field.number}${field.name}:${prefix}${type}${flags}`;
  };
  const lines = names.map((name) => {
    const message = api.messages.get(name);
    if (message === undefined) throw new Error(name);
    return `${name}${message.slice ? '[]' : ''}|${message.fields.map(text).join(';')}`;
  });
  const groups = [...api.groups].map(([name, [group, version]]) => `  '${name}': ['${group}', '${version}'],`);
  return `${header}
export const messageTable: readonly string[] = [
${lines.map((line) => `  '${line}',`).join('\n')}
];

/** Group and version of each package. */
export const packageGroups: Readonly<Record<string, readonly [string, string]>> = {
${groups.join('\n')}
};
`;
}
