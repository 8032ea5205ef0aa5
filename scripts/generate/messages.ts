import type { ApiFolder } from './goModules.ts';

/**
 * What the .proto files say of the wire, joined with what the Go types beside them say of JSON: the JSON name is not
 * always the protobuf name, embedded structs are one message in protobuf and no level in JSON, and only Go knows which
 * fields are pointers and which are left out when empty.
 */
export interface Field {
  number: number;
  name: string;
  /** Scalar (`string`, `int32`) or a message's full name. */
  type: string;
  /** Key type, when it is a map. */
  mapKey: string | undefined;
  repeated: boolean;
  pointer: boolean;
  omitEmpty: boolean;
  omitZero: boolean;
  inline: boolean;
}

export interface Message {
  /** `k8s.io.api.core.v1.Pod` */
  name: string;
  fields: Field[];
  /** A Go slice that protobuf needs a message for (`Verbs`): in JSON it is the list itself. */
  slice: boolean;
}

export interface Api {
  messages: Map<string, Message>;
  /** Package name to [group, version]; packages without a group (runtime, resource) are absent. */
  groups: Map<string, [string, string]>;
}

export function readApi(folders: readonly ApiFolder[]): Api {
  const messages = new Map<string, Message>();
  const groups = new Map<string, [string, string]>();
  for (const folder of folders) {
    const text = folder.proto.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
    const packageName = /^package (.+);/m.exec(text)?.[1];
    if (packageName === undefined) throw new Error(`${folder.path}/generated.proto names no package`);
    const structs = readGo(folder.go);
    const group = /GroupName\s*=\s*"([^"]*)"/.exec(folder.go)?.[1];
    const version = folder.path.slice(folder.path.lastIndexOf('/') + 1);
    if (group !== undefined && /^v\d/.test(version)) groups.set(packageName, [group, version]);
    for (const [, name, body] of text.matchAll(/^message (\w+) \{([\s\S]*?)^\}/gm)) {
      if (name === undefined || body === undefined) continue;
      const struct = structs.get(name);
      messages.set(`${packageName}.${name}`, {
        name: `${packageName}.${name}`,
        fields: readFields(body, packageName, struct),
        slice: struct === 'slice',
      });
    }
  }
  for (const message of messages.values()) {
    for (const field of message.fields) {
      if (field.type.includes('.') && !messages.has(field.type)) {
        throw new Error(`${message.name}.${field.name} is of the unknown type ${field.type}`);
      }
    }
  }
  return { messages, groups };
}

interface GoField {
  json: string;
  pointer: boolean;
  omitEmpty: boolean;
  omitZero: boolean;
  inline: boolean;
}

function readFields(body: string, packageName: string, struct: Map<number, GoField> | 'slice' | undefined): Field[] {
  const fields: Field[] = [];
  const pattern = /^\s*(?:(optional|repeated|required) )?(map<(\w+), ([\w.]+)>|[\w.]+) (\w+) = (\d+)[^;]*;/gm;
  for (const [, label, type, mapKey, mapValue, name, number] of body.matchAll(pattern)) {
    if (type === undefined || name === undefined) continue;
    const go = struct instanceof Map ? struct.get(Number(number)) : undefined;
    const plain = mapValue ?? type;
    fields.push({
      number: Number(number),
      name: go === undefined || go.json === '' ? name : go.json,
      type: plain.startsWith('.') ? plain.slice(1) : /^[A-Z]/.test(plain) ? `${packageName}.${plain}` : plain,
      mapKey,
      repeated: label === 'repeated',
      pointer: go?.pointer ?? true,
      omitEmpty: go?.omitEmpty ?? true,
      omitZero: go?.omitZero ?? false,
      inline: go?.inline ?? false,
    });
  }
  return fields.sort((a, b) => a.number - b.number);
}

/** Go structs by name, their fields by protobuf number; `slice` for `type X []string`. */
function readGo(text: string): Map<string, Map<number, GoField> | 'slice'> {
  const structs = new Map<string, Map<number, GoField> | 'slice'>();
  for (const [, name] of text.matchAll(/^type (\w+) \[\]\w+$/gm)) structs.set(name as string, 'slice');
  for (const [, name, body] of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
    const fields = new Map<number, GoField>();
    for (const [, declaration, json, protobuf] of (body ?? '').matchAll(
      /^\s+([^/\n`]+?)\s*`(?=[^`]*json:"([^"]*)")(?=[^`]*protobuf:"([^"]*)")[^`]*`/gm,
    )) {
      const number = Number(protobuf?.split(',')[1]);
      if (declaration === undefined || json === undefined || !Number.isInteger(number)) continue;
      const [jsonName = '', ...options] = json.split(',');
      const words = declaration.split(/\s+/);
      fields.set(number, {
        json: jsonName,
        pointer: (words[1] ?? words[0] ?? '').startsWith('*'),
        omitEmpty: options.includes('omitempty'),
        omitZero: options.includes('omitzero'),
        inline: options.includes('inline') || (words.length === 1 && jsonName === ''),
      });
    }
    structs.set(name as string, fields);
  }
  return structs;
}
