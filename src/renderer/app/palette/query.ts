/** What a text in the palette asks for. */
export type PaletteQuery =
  | { mode: 'home' }
  | { mode: 'search'; text: string; cluster: string | undefined }
  | { mode: 'commands'; text: string }
  /** `:pod app=web @staging`: a kind, the rest of the words as its list's filter. */
  | { mode: 'kinds'; text: string; filter: string; cluster: string | undefined }
  | { mode: 'clusters'; text: string };

export function parsePalette(typed: string): PaletteQuery {
  const text = typed.trimStart();
  if (text.startsWith('>')) return { mode: 'commands', text: text.slice(1).trim() };
  if (text.startsWith('@')) return { mode: 'clusters', text: text.slice(1).trim() };
  const words = text.split(/\s+/u).filter(Boolean);
  const cluster = words.find((word) => word.length > 1 && word.startsWith('@'))?.slice(1);
  const rest = words.filter((word) => !word.startsWith('@'));
  if (text.startsWith(':')) {
    const [kind = '', ...filter] = rest;
    return { mode: 'kinds', text: kind.slice(1), filter: filter.join(' '), cluster };
  }
  if (text.trim() === '') return { mode: 'home' };
  return { mode: 'search', text: rest.join(' '), cluster };
}
