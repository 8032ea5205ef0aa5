import type { Api, Field, Message } from './messages.ts';
import { parseSelection, type Selected } from './selection.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1';
/** Messages that are one value in JSON, with the function of read.ts that reads them and the plan's letter. */
const values: Record<string, { read: string; type: string; absent: string; code: string }> = {
  [`${meta}.Time`]: { read: 'readSeconds', type: 'number', absent: '0', code: 't' },
  [`${meta}.MicroTime`]: { read: 'readSeconds', type: 'number', absent: '0', code: 't' },
  [`${meta}.Duration`]: { read: 'readDuration', type: 'number', absent: '0', code: 'd' },
  'k8s.io.apimachinery.pkg.api.resource.Quantity': { read: 'readQuantity', type: 'string', absent: "''", code: 's' },
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': {
    read: 'readIntOrString',
    type: 'string',
    absent: "''",
    code: 'o',
  },
};
const numbers: Record<string, string> = {
  int32: 'readInt32',
  int64: 'readInt64',
  uint32: 'readVarint',
  uint64: 'readVarint',
};

interface Part {
  /** Property of the partial object. */
  name: string;
  type: string;
  absent: string;
  /** Cases of the switch, by tag. */
  cases: [tag: number, code: string][];
  /** Entry of the plan for JSON. */
  plan: string;
}

/** Writes one decoder, one type and one plan for each (message, selection), shared by the kinds that want the same. */
export function emitPartials(
  api: Api,
  kinds: readonly { name: string; message: string; select: string }[],
  header: string,
): string {
  const emitted = new Map<string, string>();
  const names = new Set<string>();
  const output: string[] = [];
  const caches: string[] = [];

  const find = (message: Message, name: string): { path: Field[]; field: Field } | undefined => {
    const field = message.fields.find((candidate) => candidate.name === name && !candidate.inline);
    if (field !== undefined) return { path: [], field };
    for (const inline of message.fields.filter((candidate) => candidate.inline)) {
      const inner = api.messages.get(inline.type);
      const found = inner === undefined ? undefined : find(inner, name);
      if (found !== undefined) return { path: [inline, ...found.path], field: found.field };
    }
    return undefined;
  };

  const emit = (message: Message, selection: readonly Selected[], wanted: string): string => {
    const key = `${message.name} ${JSON.stringify(selection)}`;
    const known = emitted.get(key);
    if (known !== undefined) return known;
    let name = wanted;
    for (let suffix = 2; names.has(name); suffix++) name = `${wanted}${suffix}`;
    names.add(name);
    emitted.set(key, name);
    const top: Part[] = [];
    const inlines = new Map<number, Part[]>();
    for (const selected of selection) {
      const found = find(message, selected.name);
      if (found === undefined) throw new Error(`${message.name} has no field ${selected.name} (for ${wanted})`);
      if (found.path.length > 1) throw new Error(`${selected.name} is embedded more than once in ${message.name}`);
      const part = emitPart(found.field, selected, name);
      const inline = found.path[0];
      if (inline === undefined) top.push(part);
      else inlines.set(inline.number, [...(inlines.get(inline.number) ?? []), part]);
    }
    const all = [...top, ...[...inlines.values()].flat()];
    output.push(`
export interface ${name} {
${all.map((part) => `  ${property(part.name)}: ${part.type};`).join('\n')}
}

function decode${name}(b: Uint8Array, at: number, end: number): ${name} {
  const o: ${name} = { ${all.map((part) => `${property(part.name)}: ${part.absent}`).join(', ')} };
${loop(top, 'at', 'end', '  ', inlines)}
  return o;
}

const plan${name}: Plan = [${all.map((part) => part.plan).join(', ')}];`);
    return name;
  };

  const emitPart = (field: Field, selected: Selected, parent: string): Part => {
    const { name, mark, keys, children } = selected;
    const fail = (why: string): never => {
      throw new Error(`${parent}.${name}: ${why}`);
    };
    const target = `o${access(name)}`;
    const bytesTag = field.number * 8 + 2;
    const value = values[field.type];
    const message = value === undefined ? api.messages.get(field.type) : undefined;
    const inBytes = (code: string): [number, string] => [
      bytesTag,
      `const stop = readLength(b, at, end); ${code} at = stop;`,
    ];
    const plan = (code: string, extra = ''): string => `['${name}', '${code}'${extra}]`;
    if (mark === '#') {
      if (field.type === 'bytes' && field.mapKey === undefined && !field.repeated) {
        const code = `at = readLength(b, at, end); ${target} = at > cursor.at ? 1 : 0;`;
        return { name, type: 'number', absent: '0', cases: [[bytesTag, code]], plan: plan('#') };
      }
      if (!field.repeated && field.mapKey === undefined) fail('# counts entries of lists and maps');
      return {
        name,
        type: 'number',
        absent: '0',
        cases: [[bytesTag, `at = readLength(b, at, end); ${target}++;`]],
        plan: plan('#'),
      };
    }
    if (field.mapKey !== undefined) {
      const read =
        field.type === 'string'
          ? 'internText'
          : value?.read === 'readQuantity'
            ? 'readQuantity'
            : fail(`maps of ${field.type} are not read`);
      const wanted = keys === undefined ? '' : `, ${JSON.stringify(keys)}`;
      const code = `${target} = addEntry(${target}, b, cursor.at, stop, ${read}${wanted});`;
      return {
        name,
        type: 'Texts',
        absent: 'noTexts',
        cases: [inBytes(code)],
        plan: plan('{', keys === undefined ? '' : `, undefined${wanted}`),
      };
    }
    if (keys !== undefined) fail('keys are for maps');
    if (mark === '?' && !field.pointer) fail('? is for what Go holds as a pointer');
    if (value !== undefined) {
      if (field.repeated) fail('lists of values are not read');
      const nullable = mark === '?';
      return {
        name,
        type: nullable ? `${value.type} | null` : value.type,
        absent: nullable ? 'null' : value.absent,
        cases: [inBytes(`${target} = ${value.read}(b, cursor.at, stop);`)],
        plan: plan(value.code + mark),
      };
    }
    if (message !== undefined) {
      if (children === undefined) {
        if (mark !== '?') fail('a message needs its fields chosen');
        return { name, type: 'boolean', absent: 'false', cases: [inBytes(`${target} = true;`)], plan: plan('?') };
      }
      const type = emit(message, children, `${parent}${capital(name)}`);
      let read = `decode${type}(b, cursor.at, stop)`;
      if (mark === '!') {
        const cache = `cache${type}`;
        if (!caches.some((line) => line.includes(` ${cache} `)))
          caches.push(`const ${cache} = new ByteCache(decode${type});`);
        read = `${cache}.get(b, cursor.at, stop)`;
      }
      if (field.repeated) {
        const code = `if (${target} === none) ${target} = []; (${target} as ${type}[]).push(${read});`;
        return {
          name,
          type: `readonly ${type}[]`,
          absent: 'none',
          cases: [inBytes(code)],
          plan: plan('*', `, () => plan${type}`),
        };
      }
      return {
        name,
        type: `${type} | null`,
        absent: 'null',
        cases: [inBytes(`${target} = ${read};`)],
        plan: plan('m', `, () => plan${type}`),
      };
    }
    if (field.type === 'string') {
      const read = mark === '~' ? 'readText' : 'internText';
      if (field.repeated) {
        const code = `if (${target} === none) ${target} = []; (${target} as string[]).push(${read}(b, cursor.at, stop));`;
        return { name, type: 'readonly string[]', absent: 'none', cases: [inBytes(code)], plan: plan('*s') };
      }
      return {
        name,
        type: mark === '?' ? 'string | null' : 'string',
        absent: mark === '?' ? 'null' : "''",
        cases: [inBytes(`${target} = ${read}(b, cursor.at, stop);`)],
        plan: plan(mark === '?' ? 's?' : 's'),
      };
    }
    if (field.repeated) fail(`lists of ${field.type} are not read`);
    const varint = (code: string): [number, string] => [field.number * 8, `${target} = ${code}; at = cursor.at;`];
    if (field.type === 'bool') {
      return {
        name,
        type: mark === '?' ? 'boolean | null' : 'boolean',
        absent: mark === '?' ? 'null' : 'false',
        cases: [varint('readVarint(b, at, end) !== 0')],
        plan: plan(`b${mark}`),
      };
    }
    const read = numbers[field.type] ?? fail(`${field.type} is not read (secret values never are)`);
    return {
      name,
      type: mark === '?' ? 'number | null' : 'number',
      absent: mark === '?' ? 'null' : '0',
      cases: [varint(`${read}(b, at, end)`)],
      plan: plan(`n${mark}`),
    };
  };

  const roots = kinds.map((kind) => {
    const message = api.messages.get(kind.message);
    if (message === undefined) throw new Error(`${kind.name}: there is no message ${kind.message}`);
    const type = emit(
      message,
      parseSelection(kind.select),
      capital(kind.name.replace(/[.-](\w)/g, (_, letter) => letter.toUpperCase())),
    );
    return `  '${kind.name}': { message: '${kind.message}', decode: decode${type}, plan: plan${type} },`;
  });

  return `${header}
${imports([...output, ...caches].join('\n'))}
${output.join('\n')}

${caches.join('\n')}

/** By kind id. */
export const partials: Readonly<Record<string, Partial>> = {
${roots.join('\n')}
};
`;
}

/** Imports of what the code names, and no more. */
function imports(code: string): string {
  const from: Record<string, string[]> = {
    '../../columns/batchBuilder.ts': ['internText'],
    '../byteCache.ts': ['ByteCache'],
    '../protobuf.ts': ['cursor', 'readInt32', 'readInt64', 'readLength', 'readText', 'readVarint', 'skipField'],
    '../read.ts': ['addEntry', 'none', 'noTexts', 'readDuration', 'readIntOrString', 'readQuantity', 'readSeconds'],
  };
  const lines = Object.entries(from).map(([path, names]) => {
    const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
    return `import { ${used.join(', ')} } from '${path}';`;
  });
  return `${lines.join('\n')}\nimport type { Partial, Plan, Texts } from '../read.ts';`;
}

/** The loop over a message's fields; embedded messages are loops within it that fill the same object. */
function loop(
  parts: readonly Part[],
  at: string,
  end: string,
  indent: string,
  inlines: ReadonlyMap<number, readonly Part[]>,
): string {
  const inner = `${indent}    `;
  const cases = parts.flatMap((part) => part.cases.map(([tag, code]) => `${inner}case ${tag}: { ${code} break; }`));
  for (const [number, embedded] of inlines) {
    cases.push(`${inner}case ${number * 8 + 2}: {
${inner}  const outer = readLength(b, at, end);
${inner}  at = cursor.at;
${inner}  {
${inner}    const end = outer;
${loop(embedded, at, end, `${inner}    `, new Map())}
${inner}  }
${inner}  break;
${inner}}`);
  }
  return `${indent}while (at < end) {
${indent}  let tag = b[at++] as number;
${indent}  if (tag > 127) { tag = readVarint(b, at - 1, end); at = cursor.at; }
${indent}  switch (tag) {
${cases.join('\n')}
${inner}default: at = skipField(b, at, end, tag);
${indent}  }
${indent}}`;
}

function capital(text: string): string {
  const word = text.replace(/[^\w]/g, '');
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function property(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? name : `'${name}'`;
}

function access(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? `.${name}` : `['${name}']`;
}
