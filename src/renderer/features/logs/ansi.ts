/** A piece of a line in one style. */
export interface Span {
  text: string;
  /** A colour token's name, or `#rrggbb`. */
  color?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
}

type Style = Omit<Span, 'text'>;

const start = String.fromCharCode(27);
const bell = String.fromCharCode(7);
/** Colours, other control sequences, titles and links, charset choices: whatever begins with Escape. */
const sequence = new RegExp(
  `${start}(?:\\[([0-9;:?<=>]*)[ -/]*([@-~])|\\][^${bell}${start}]*(?:${bell}|${start}\\\\)?|[()*+][0-9A-Za-z]|[ -~])`,
  'gu',
);
/** What is left of control characters, but for the tab. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it takes away
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/gu;

const names = ['slate', 'red', 'green', 'amber', 'blue', 'pink', 'teal', 'text-2'];

/** The text without any control sequence. */
export function stripAnsi(text: string): string {
  if (!hasControls(text)) return text;
  return text.replace(sequence, '').replace(control, '');
}

function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 ? code !== 9 : code === 127) return true;
  }
  return false;
}

/** The pieces of a line with their styles; control sequences that are no colours are left out. */
export function parseAnsi(text: string): Span[] {
  const spans: Span[] = [];
  let style: Style = {};
  let from = 0;
  const push = (end: number) => {
    const piece = text.slice(from, end).replace(control, '');
    if (piece !== '') spans.push({ text: piece, ...style });
  };
  for (const match of text.matchAll(sequence)) {
    push(match.index);
    from = match.index + match[0].length;
    if (match[2] === 'm') style = restyle(style, (match[1] ?? '').split(/[;:]/).map(Number));
  }
  push(text.length);
  return spans;
}

function restyle(before: Style, codes: readonly number[]): Style {
  let style = { ...before };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 2) style.dim = true;
    else if (code === 3) style.italic = true;
    else if (code === 4) style.underline = true;
    else if (code === 22) style = without(style, 'bold', 'dim');
    else if (code === 23) style = without(style, 'italic');
    else if (code === 24) style = without(style, 'underline');
    else if (code === 39) style = without(style, 'color');
    else if (code === 49) style = without(style, 'background');
    else if (code === 38 || code === 48) {
      const { color, used } = extended(codes.slice(at + 1));
      at += used;
      if (color !== undefined) style[code === 38 ? 'color' : 'background'] = color;
    } else {
      const place = [30, 40, 90, 100].find((first) => code >= first && code < first + 8);
      const name = place === undefined ? undefined : names[code - place];
      if (name !== undefined) style[place === 30 || place === 90 ? 'color' : 'background'] = name;
    }
  }
  return style;
}

function without(style: Style, ...keys: (keyof Style)[]): Style {
  const next = { ...style };
  for (const key of keys) delete next[key];
  return next;
}

/** `5;n` is one of 256, `2;r;g;b` any. */
function extended([kind, ...rest]: readonly number[]): { color: string | undefined; used: number } {
  if (kind === 5) return { color: paletteColor(rest[0] ?? 0), used: 2 };
  if (kind === 2) return { color: hex(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), used: 4 };
  return { color: undefined, used: 1 };
}

function paletteColor(index: number): string | undefined {
  if (!(index >= 0 && index < 256)) return undefined;
  if (index < 16) return names[index % 8];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return hex(grey, grey, grey);
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function hex(...parts: readonly number[]): string {
  const two = (part: number) =>
    Math.min(255, Math.max(0, Math.trunc(part) || 0))
      .toString(16)
      .padStart(2, '0');
  return `#${parts.map(two).join('')}`;
}
