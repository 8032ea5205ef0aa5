import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, parseDocument, stringify } from 'yaml';

/** Keys and indexes from the top of a document. */
export type Path = readonly (string | number)[];

/** Documents of a text, as they stand in it. */
export interface TextPart {
  /** Offsets into the text. */
  from: number;
  to: number;
}

/** Cuts a text at its `---` lines; parts without anything but comments are passed over. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  const add = (to: number) => {
    const part = text.slice(from, to);
    if (part.split('\n').some((line) => line.trim() !== '' && !line.trimStart().startsWith('#')))
      parts.push({ from, to });
  };
  for (const match of text.matchAll(/^(?:---|\.\.\.)(?:[ \t][^\n]*)?(?:\n|$)/gm)) {
    add(match.index);
    from = match.index + match[0].length;
  }
  add(text.length);
  return parts;
}

/** The value of a document; undefined where it cannot be read. */
export function readValue(text: string): unknown {
  const document = read(text);
  return document.errors.length > 0 ? undefined : document.toJS({ maxAliasCount: 100 });
}

/**
 * Sets a value in a document, or takes it out (undefined), and leaves everything else as it is written: comments, quotes,
 * order, fields that no schema knows. A plain value is replaced where it stands, letter by letter; what is put in or taken
 * out is written with the document's own indentation. Undefined where it cannot be done: the text is no YAML, or the place is an
 * alias.
 */
export function edited(text: string, path: Path, value: unknown): string | undefined {
  const document = read(text);
  if (document.errors.length > 0) return undefined;
  const node = document.getIn(path, true);
  if (isAlias(node)) return undefined;
  if (value === undefined) {
    if (!document.hasIn(path)) return text;
    document.deleteIn(path);
  } else if (isScalar(node) && isInline(node.type) && !isObject(value) && node.range && node.anchor === undefined) {
    const next = scalarText(value, text.slice(node.range[0], node.range[1]));
    if (next !== undefined) return text.slice(0, node.range[0]) + next + text.slice(node.range[1]);
    document.setIn(path, value);
  } else {
    prepare(document, path);
    document.setIn(path, document.createNode(value));
  }
  const ending = text.endsWith('\n') || text === '' ? '' : '\n';
  const next = document.toString({ lineWidth: 0, indent: indentOf(text), indentSeq: indentsLists(text) });
  return ending === '' ? next : next.replace(/\n$/, '');
}

function read(text: string): Document {
  return parseDocument(text, { version: '1.1', prettyErrors: false }) as unknown as Document;
}

/** Fields that are there without a value (`spec:`) become maps, so that something can be put in. */
function prepare(document: Document, path: Path): void {
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    document.contents = document.createNode({}) as never;
  }
  for (let length = 1; length < path.length; length++) {
    const above = path.slice(0, length);
    const node = document.getIn(above, true);
    if (isCollection(node)) {
      // `{}` and `[]` are written in one line: what is put in would stand in it, too.
      if (node.items.length === 0) node.flow = false;
      continue;
    }
    if (node !== undefined && !(isScalar(node) && node.value === null)) return;
    document.setIn(above, document.createNode(typeof path[length] === 'number' ? [] : {}));
  }
  const parent = document.getIn(path.slice(0, -1), true);
  if ((isMap(parent) || isSeq(parent)) && parent.items.length === 0) parent.flow = false;
}

function isInline(type: string | null | undefined): boolean {
  return type === 'PLAIN' || type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** In the quotes that stand there, where it is a text; undefined for one that is better written in lines of its own. */
function scalarText(value: unknown, before: string): string | undefined {
  if (typeof value !== 'string') return stringify(value, { version: '1.1' }).trimEnd();
  if (value.includes('\n')) return undefined;
  // A place without anything (`key:`) has no room for a value that begins right there.
  if (before === '') return undefined;
  // Quotes around nothing are nobody's choice.
  const empty = before === '""' || before === "''";
  if (!empty && before.startsWith("'")) return `'${value.replaceAll("'", "''")}'`;
  if (!empty && before.startsWith('"')) return JSON.stringify(value);
  return stringify(value, { version: '1.1', lineWidth: 0 }).trimEnd();
}

function indentOf(text: string): number {
  const [, spaces = '  '] = /^[^\s#][^\n]*:[ \t]*\n( +)[^\s#-]/m.exec(text) ?? [];
  return spaces.length;
}

/** Whether lists are indented below their key. Without any they are. */
function indentsLists(text: string): boolean {
  const [, key = '', list = ' '] = /^( *)[^\s#-][^\n]*:[ \t]*\n( *)- /m.exec(text) ?? [];
  return list.length > key.length;
}
