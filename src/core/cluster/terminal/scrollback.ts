/** Characters that are kept: some thousand lines, as many as a screen that comes back can use. */
const keptLength = 512 * 1024;
/** Forgotten in pieces of this: no copying for each line. */
const pieceLength = 16 * 1024;

/** A program's lasting settings: the second screen, the cursor, keys, the mouse, marked pastes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const settings = /\u001b\[\?([\d;]{1,40})([hl])/g;

/**
 * The end of what was shown, for a screen that takes a terminal up again: as it was written, from a line's beginning on.
 * Lasting settings out of what is forgotten stay known, so that an editor's second screen is one on the new screen as well.
 */
export class Scrollback {
  readonly #pieces: string[] = [];
  #length = 0;
  #settings = new Map<string, string>();
  /** What is forgotten may end within a setting. */
  #cut = '';

  push(text: string): void {
    const last = this.#pieces.length - 1;
    if (last >= 0 && (this.#pieces[last]?.length ?? 0) < pieceLength) this.#pieces[last] += text;
    else this.#pieces.push(text);
    this.#length += text.length;
    for (
      let [first] = this.#pieces;
      first !== undefined && this.#length - first.length >= keptLength;
      [first] = this.#pieces
    ) {
      this.#pieces.shift();
      this.#length -= first.length;
      this.#forget(first);
    }
  }

  text(): string {
    const all = this.#cut + this.#pieces.join('');
    if (this.#cut === '' && this.#settings.size === 0) return all;
    const begin = all.indexOf('\n') + 1;
    for (const [setting, value] of settingsIn(all.slice(0, begin))) this.#settings.set(setting, value);
    const kept = [...this.#settings].map(([setting, value]) => `\u001b[?${setting}${value}`).join('');
    return kept + all.slice(begin);
  }

  #forget(piece: string): void {
    const text = this.#cut + piece;
    for (const [setting, value] of settingsIn(text)) this.#settings.set(setting, value);
    this.#cut = text.slice(-50);
  }
}

function* settingsIn(text: string): Iterable<[string, string]> {
  for (const [, numbers = '', value = ''] of text.matchAll(settings)) {
    for (const number of numbers.split(';')) yield [number, value];
  }
}
