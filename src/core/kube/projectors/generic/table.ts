import { messageTable, packageGroups } from '../generated/messages.ts';

/** A message's fields as the committed table describes them (scripts/generate/fieldTable.ts writes it). */
export interface MessageField {
  number: number;
  /** As in JSON. */
  name: string;
  /** A scalar's letter (s text, y bytes, b bool, i int32, l int64, u uint32, v uint64, d double, f float), or 'm'. */
  scalar: string;
  /** Index of the message when `scalar` is 'm'. */
  message: number;
  shape: 'one' | 'list' | 'map';
  /** Held as a pointer by Go: absent and zero differ. */
  pointer: boolean;
  omitEmpty: boolean;
  omitZero: boolean;
  /** Its fields stand at this level in JSON. */
  inline: boolean;
}

export interface MessageType {
  /** `k8s.io.api.core.v1.Pod` */
  name: string;
  /** In the order of their numbers. */
  fields: readonly MessageField[];
  byNumber: ReadonlyMap<number, MessageField>;
  /** The message stands for its only field, a list. */
  slice: boolean;
}

const parsed: (MessageType | undefined)[] = [];
let indexes: Map<string, number> | undefined;

export function messageAt(index: number): MessageType {
  const known = parsed[index];
  if (known !== undefined) return known;
  const line = messageTable[index] ?? '';
  const cut = line.indexOf('|');
  const slice = line.slice(0, cut).endsWith('[]');
  const fields = line
    .slice(cut + 1)
    .split(';')
    .filter((part) => part !== '')
    .map(parseField);
  const type: MessageType = {
    name: line.slice(0, slice ? cut - 2 : cut),
    fields,
    byNumber: new Map(fields.map((field) => [field.number, field])),
    slice,
  };
  parsed[index] = type;
  return type;
}

function parseField(part: string): MessageField {
  const [, number, name, prefix, scalar, message, flags] =
    /^(\d+)([^:]+):([*{]?)(?:([a-z])|(\d+))([POZI]*)$/.exec(part) ?? [];
  if (number === undefined || name === undefined || flags === undefined)
    throw new Error(`Bad field in the table: ${part}`);
  return {
    number: Number(number),
    name,
    scalar: scalar ?? 'm',
    message: message === undefined ? -1 : Number(message),
    shape: prefix === '*' ? 'list' : prefix === '{' ? 'map' : 'one',
    pointer: flags.includes('P'),
    omitEmpty: flags.includes('O'),
    omitZero: flags.includes('Z'),
    inline: flags.includes('I'),
  };
}

function indexOf(name: string): number | undefined {
  indexes ??= new Map(messageTable.map((line, index) => [line.slice(0, line.indexOf('|')).replace('[]', ''), index]));
  return indexes.get(name);
}

/** The message of a full name; undefined when there is none. */
export function findMessage(name: string): MessageType | undefined {
  const index = indexOf(name);
  return index === undefined ? undefined : messageAt(index);
}

const metaPackage = 'k8s.io.apimachinery.pkg.apis.meta.v1';
let packages: Map<string, string> | undefined;

/**
 * Full name of the message of a kind, lists included (`apps`, `v1`, `DeploymentList`); the kinds that every group has
 * (`Status`, `WatchEvent`, `DeleteOptions` …) are found under any group. Undefined for what has no protobuf.
 */
export function messageTypeOf(group: string, version: string, kind: string): string | undefined {
  packages ??= new Map(Object.entries(packageGroups).map(([name, [of, at]]) => [`${of}/${at}`, name]));
  const own = `${packages.get(`${group}/${version}`) ?? ''}.${kind}`;
  if (indexOf(own) !== undefined) return own;
  const shared = `${metaPackage}.${kind}`;
  return /^(Status|WatchEvent|\w+Options|PartialObjectMetadata(List)?|APIGroup(List)?|APIResourceList|APIVersions)$/.test(
    kind,
  ) && indexOf(shared) !== undefined
    ? shared
    : undefined;
}
