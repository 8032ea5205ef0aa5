/** The part of Markdown that readmes of charts are written in. */
export type Inline =
  | { type: 'text' | 'code'; text: string }
  | { type: 'strong' | 'emphasis'; parts: Inline[] }
  | { type: 'link'; address: string; parts: Inline[] };

export type Block =
  | { type: 'heading'; level: number; text: Inline[] }
  | { type: 'paragraph'; text: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'rule' }
  | { type: 'quote'; blocks: Block[] }
  | { type: 'list'; ordered: boolean; items: Block[][] }
  | { type: 'table'; head: Inline[][]; rows: Inline[][][] };

/** Nested deeper than this, a text is shown as it is. */
const deepest = 6;
/** A paragraph that is longer is shown as it is: looking for marks takes time by the square of its length. */
const longest = 5000;

/** Reads Markdown; what is not known of it stays text. Comments and tags of HTML are left out, what stands in them is not. */
export function parseMarkdown(text: string): Block[] {
  return parseBlocks(
    text
      .replace(/\r\n?/g, '\n')
      .replace(/<!--[\s\S]*?-->/g, '')
      .split('\n'),
    0,
  );
}

const fence = /^ {0,3}(`{3,}|~{3,})/;
const bullet = /^( {0,3})([-*+]|\d{1,9}[.)])( {1,4}|$)/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const rule = /^ {0,3}([-*_])( *\1){2,} *$/;
const divider = /^ *\|?( *:?-+:? *\|)+( *:?-+:? *)?$/;

function parseBlocks(lines: readonly string[], depth: number): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const fenced = fence.exec(line)?.[1];
    if (line.trim() === '') at++;
    else if (fenced !== undefined) {
      const body: string[] = [];
      for (at++; at < lines.length && !(lines[at] ?? '').trimStart().startsWith(fenced); at++)
        body.push(lines[at] ?? '');
      at++;
      blocks.push({ type: 'code', text: body.join('\n') });
    } else if (/^( {4}|\t)/.test(line)) {
      const body: string[] = [];
      for (; at < lines.length && /^( {4}|\t|\s*$)/.test(lines[at] ?? ''); at++)
        body.push((lines[at] ?? '').replace(/^( {4}|\t)/, ''));
      blocks.push({ type: 'code', text: body.join('\n').trimEnd() });
    } else if (heading.test(line)) {
      const [, marks = '#', words = ''] = heading.exec(line) ?? [];
      blocks.push({ type: 'heading', level: marks.length, text: parseInline(words, depth) });
      at++;
    } else if (rule.test(line)) {
      blocks.push({ type: 'rule' });
      at++;
    } else if (/^ {0,3}>/.test(line) && depth < deepest) {
      const body: string[] = [];
      for (; at < lines.length && /^ {0,3}>/.test(lines[at] ?? ''); at++)
        body.push((lines[at] ?? '').replace(/^ {0,3}> ?/, ''));
      blocks.push({ type: 'quote', blocks: parseBlocks(body, depth + 1) });
    } else if (bullet.test(line) && depth < deepest) {
      const { list, next } = parseList(lines, at, depth);
      blocks.push(list);
      at = next;
    } else if (line.includes('|') && divider.test(lines[at + 1] ?? '')) {
      const head = cells(line, depth);
      const rows: Inline[][][] = [];
      for (at += 2; at < lines.length && (lines[at] ?? '').includes('|'); at++) {
        const row = cells(lines[at] ?? '', depth);
        rows.push(head.map((_, column) => row[column] ?? []));
      }
      blocks.push({ type: 'table', head, rows });
    } else {
      const words = [line];
      for (at++; at < lines.length && !begins(lines[at] ?? ''); at++) words.push(lines[at] ?? '');
      const under = /^ {0,3}(=+|-+) *$/.exec(words.at(-1) ?? '')?.[1];
      if (under !== undefined && words.length > 1) words.pop();
      const parts = parseInline(words.join('\n'), depth);
      const isShown = parts.some((part) => part.type !== 'text' || part.text.trim() !== '');
      if (under !== undefined && words.length > 0)
        blocks.push({ type: 'heading', level: under[0] === '=' ? 1 : 2, text: parts });
      else if (isShown) blocks.push({ type: 'paragraph', text: parts });
    }
  }
  return blocks;
}

/** Something other than a paragraph begins here. */
function begins(line: string): boolean {
  return line.trim() === '' || fence.test(line) || heading.test(line) || bullet.test(line) || /^ {0,3}>/.test(line);
}

function parseList(lines: readonly string[], from: number, depth: number): { list: Block; next: number } {
  const ordered = /\d/.test(bullet.exec(lines[from] ?? '')?.[2] ?? '');
  const items: Block[][] = [];
  let at = from;
  while (at < lines.length) {
    const found = bullet.exec(lines[at] ?? '');
    if (found === null || /\d/.test(found[2] ?? '') !== ordered) break;
    const inside = found[0].length;
    const body = [(lines[at] ?? '').slice(inside)];
    for (at++; at < lines.length; at++) {
      const line = lines[at] ?? '';
      const indent = line.length - line.trimStart().length;
      if (line.trim() === '') {
        const after = lines[at + 1] ?? '';
        // A blank line ends the item, unless what comes next still stands inside it.
        if (after.trim() === '' || after.length - after.trimStart().length < 2) break;
      } else if (indent < 2 && begins(line)) break;
      body.push(line.slice(Math.min(indent, inside)));
    }
    items.push(parseBlocks(body, depth + 1));
    while (at < lines.length && (lines[at] ?? '').trim() === '' && bullet.test(lines[at + 1] ?? '')) at++;
  }
  return { list: { type: 'list', ordered, items }, next: at };
}

function cells(line: string, depth: number): Inline[][] {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => parseInline(cell.trim().replaceAll('\\|', '|'), depth));
}

/** Longest first where one begins as another does. */
const mark =
  /\\([\\`*_{}[\]()#+\-.!|<>~])|(`+)([\s\S]*?[^`])\2(?!`)|!\[([^\]]*)\]\([^)]*\)|\[((?:[^[\]]|!?\[[^\]]*\](?:\([^)]*\))?)*)\]\(([^()\s]*)(?:\s+["'][^"']*["'])?\)|<(https?:\/\/[^\s>]+)>|\*\*(?=\S)([\s\S]*?\S)\*\*|__(?=\S)([\s\S]*?\S)__|\*(?=\S)([^*]*?\S)\*|(?<!\w)_(?=\S)([^_]*?\S)_(?!\w)|<\/?[a-zA-Z][^>]*>|(https?:\/\/[^\s<>)"'`]+[^\s<>)"'`.,;:!?])/g;

function parseInline(text: string, depth: number): Inline[] {
  const parts: Inline[] = [];
  const add = (plain: string) => {
    const last = parts.at(-1);
    if (plain === '') return;
    if (last?.type === 'text') last.text += plain;
    else parts.push({ type: 'text', text: plain });
  };
  if (depth > deepest * 2 || text.length > longest) return [{ type: 'text', text }];
  let done = 0;
  for (const found of text.matchAll(mark)) {
    add(text.slice(done, found.index));
    done = found.index + found[0].length;
    const [, escaped, , code, picture, words, address, plain, strong, strong2, soft, soft2, bare] = found;
    const inside = (value: string) => parseInline(value, depth + 1);
    const link = address ?? plain ?? bare;
    if (escaped !== undefined) add(escaped);
    else if (code !== undefined) parts.push({ type: 'code', text: code.trim() });
    // Pictures would be fetched from elsewhere: their words stand for them.
    else if (picture !== undefined) add(picture);
    else if (link !== undefined) {
      const shown = words === undefined ? [{ type: 'text' as const, text: link }] : inside(words);
      if (/^https?:\/\//i.test(link)) parts.push({ type: 'link', address: link, parts: shown });
      else parts.push(...shown);
    } else if (strong !== undefined || strong2 !== undefined)
      parts.push({ type: 'strong', parts: inside(strong ?? strong2 ?? '') });
    else if (soft !== undefined || soft2 !== undefined)
      parts.push({ type: 'emphasis', parts: inside(soft ?? soft2 ?? '') });
    // A tag of HTML is nothing to be read; a line break is one.
    else if (/^<br/i.test(found[0])) add('\n');
  }
  add(text.slice(done));
  return parts;
}
