import '@xterm/xterm/css/xterm.css';
import { type ITheme, Terminal } from '@xterm/xterm';
import type { Disposable } from '../../../core/kernel/disposable.ts';
import { isMac } from '../../ui/keys.ts';
import { type Found, findText, linesIn } from './find.ts';

/** Lines above the screen that can be scrolled back to. */
const scrollback = 10_000;
/** The overlay scrollbar lies over the last pixels. */
const scrollbarPixels = 12;
const addresses = /https?:\/\/[^\s"'<>`\\^{|}\p{Cc}]+[^\s"'<>`\\^{|}\p{Cc}.,;:!?)\]]/gu;

export interface ScreenEvents {
  /** Keys and pastes, as the program reads them. */
  input(text: string): void;
  /** Reports of the mouse: a character a byte. */
  bytes(text: string): void;
  resize(size: { columns: number; rows: number }): void;
  /** Somebody wants to paste this. */
  paste(text: string): void;
  copy(text: string): void;
  link(address: string): void;
  find(): void;
}

/** xterm on a place of the page: its size, colours, keys and links. */
export class Screen implements Disposable {
  readonly #terminal: Terminal;
  readonly #host: HTMLElement;
  readonly #release: (() => void)[] = [];
  #found: Found | undefined;

  constructor(host: HTMLElement, events: ScreenEvents) {
    this.#host = host;
    const terminal = new Terminal({
      allowProposedApi: false,
      cursorBlink: false,
      fontFamily: token('--mono'),
      fontSize: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
      lineHeight: 1.15,
      macOptionIsMeta: true,
      minimumContrastRatio: 4.5,
      screenReaderMode: false,
      scrollback,
      theme: themeOfTokens(),
      linkHandler: { activate: (_, address) => events.link(address), allowNonHttpProtocols: false },
    });
    this.#terminal = terminal;
    terminal.open(host);
    terminal.attachCustomKeyEventHandler((event) => this.#mayHandle(event, events));
    terminal.onData((text) => events.input(text));
    terminal.onBinary((text) => events.bytes(text));
    terminal.onResize(({ cols, rows }) => events.resize({ columns: cols, rows }));
    terminal.registerLinkProvider({
      provideLinks: (line, answer) => answer(linksIn(terminal, line, events.link)),
    });
    this.#listen(events);
    // Metrics of the font that stands in for it would be wrong.
    void document.fonts.load(`${terminal.options.fontSize}px ${token('--mono')}`).then(() => {
      if (this.#release.length === 0) return;
      terminal.options.fontFamily = `${token('--mono')}, monospace`;
      this.fit();
    });
    this.fit();
  }

  get size(): { columns: number; rows: number } {
    return { columns: this.#terminal.cols, rows: this.#terminal.rows };
  }

  get selection(): string {
    return this.#terminal.getSelection();
  }

  /** The program asked for pastes to be marked as such. */
  get marksPastes(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** `shown` is called when the text is on the screen. */
  write(text: string, shown: () => void): void {
    this.#terminal.write(text, shown);
  }

  /** Begins anew with what was shown before. */
  replay(text: string): void {
    this.#terminal.reset();
    this.#terminal.write(text);
  }

  /** A line of this program's own, apart from what the cluster wrote. */
  note(text: string): void {
    const { type, cursorX } = this.#terminal.buffer.active;
    // Left where there is none, the second screen would still bring its cursor with it: into what is there already.
    const leave = type === 'alternate' ? '\u001b[?1049l' : '';
    const start = cursorX === 0 ? '' : '\r\n';
    // With a cursor, colours and the keyboard as they are at the start.
    this.#terminal.write(`${leave}\u001b[?25h\u001b[?1l\u001b[?2004l\u001b[0m${start}\u001b[2m${text}\u001b[0m\r\n`);
  }

  /** Without a terminal at the other side lines end in \n alone. */
  setPlain(plain: boolean): void {
    this.#terminal.options.convertEol = plain;
  }

  paste(text: string): void {
    this.#terminal.paste(text);
  }

  focus(): void {
    this.#terminal.focus();
  }

  clear(): void {
    this.#terminal.clear();
  }

  selectAll(): void {
    this.#terminal.selectAll();
  }

  /** Shows the next place of a text; says whether there is one. */
  find(text: string, upwards: boolean): boolean {
    this.#found = findText(linesIn(this.#terminal), text, this.#found, upwards);
    if (this.#found === undefined) {
      this.#terminal.clearSelection();
      return false;
    }
    const { line, column } = this.#found;
    this.#terminal.select(column, line, text.length);
    this.#terminal.scrollToLine(Math.max(0, line - Math.floor(this.#terminal.rows / 2)));
    return true;
  }

  /** As many characters as there is room for. */
  fit(): void {
    const drawn = this.#host.querySelector('.xterm-screen')?.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.#host;
    if (drawn === undefined || drawn.width === 0 || clientWidth === 0 || clientHeight === 0) return;
    const { cols, rows } = this.#terminal;
    const columns = Math.max(2, Math.floor((clientWidth - scrollbarPixels) / (drawn.width / cols)));
    const lines = Math.max(1, Math.floor(clientHeight / (drawn.height / rows)));
    if (columns !== cols || lines !== rows) this.#terminal.resize(columns, lines);
  }

  dispose(): void {
    for (const release of this.#release.splice(0)) release();
    this.#terminal.dispose();
  }

  /** False leaves a key to the program around: everything else is the shell's. */
  #mayHandle(event: KeyboardEvent, events: ScreenEvents): boolean {
    const key = event.key.toLowerCase();
    // The dock's own: between its tabs, and out of here.
    if (event.altKey && event.shiftKey) return false;
    if (isMac ? event.metaKey : event.ctrlKey && event.shiftKey) {
      const own = { c: () => events.copy(this.selection), f: () => events.find() }[key];
      if (own !== undefined) {
        event.preventDefault();
        event.stopPropagation();
        if (event.type === 'keydown') own();
      }
      // Among them V, which pastes as in every program.
      return false;
    }
    return true;
  }

  #listen(events: ScreenEvents): void {
    const paste = (event: ClipboardEvent) => {
      event.preventDefault();
      event.stopPropagation();
      events.paste(event.clipboardData?.getData('text/plain') ?? '');
    };
    this.#host.addEventListener('paste', paste, { capture: true });
    const size = new ResizeObserver(() => this.fit());
    size.observe(this.#host);
    const colours = new MutationObserver(() => {
      this.#terminal.options.theme = themeOfTokens();
      this.#terminal.options.fontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      this.fit();
    });
    colours.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style'] });
    this.#release.push(
      () => this.#host.removeEventListener('paste', paste, { capture: true }),
      () => size.disconnect(),
      () => colours.disconnect(),
    );
  }
}

/** A screen that only shows, at the size of what it shows. */
export class PlayerScreen implements Disposable {
  readonly #terminal: Terminal;

  constructor(host: HTMLElement) {
    this.#terminal = new Terminal({
      cursorBlink: false,
      disableStdin: true,
      fontFamily: `${token('--mono')}, monospace`,
      fontSize: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
      lineHeight: 1.15,
      minimumContrastRatio: 4.5,
      scrollback,
      theme: themeOfTokens(),
    });
    this.#terminal.open(host);
    // The page's keys are the player's.
    this.#terminal.attachCustomKeyEventHandler(() => false);
  }

  write(text: string): void {
    this.#terminal.write(text);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  reset(): void {
    this.#terminal.reset();
  }

  dispose(): void {
    this.#terminal.dispose();
  }
}

function linksIn(terminal: Terminal, line: number, open: (address: string) => void) {
  const text = terminal.buffer.active.getLine(line - 1)?.translateToString(true) ?? '';
  return [...text.matchAll(addresses)].map(({ 0: address, index }) => ({
    text: address,
    range: { start: { x: index + 1, y: line }, end: { x: index + address.length, y: line } },
    activate: () => open(address),
  }));
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The palette of programs in the colours of this one. */
function themeOfTokens(): ITheme {
  return {
    background: token('--surface'),
    foreground: token('--text'),
    cursor: token('--accent'),
    cursorAccent: token('--surface'),
    selectionBackground: token('--flash'),
    selectionInactiveBackground: token('--press'),
    scrollbarSliderBackground: token('--press'),
    scrollbarSliderHoverBackground: token('--line-strong'),
    scrollbarSliderActiveBackground: token('--line-strong'),
    black: token('--line-strong'),
    red: token('--red'),
    green: token('--green'),
    yellow: token('--amber'),
    blue: token('--blue'),
    magenta: token('--violet'),
    cyan: token('--teal'),
    white: token('--text-2'),
    brightBlack: token('--text-3'),
    brightRed: token('--failed'),
    brightGreen: token('--healthy'),
    brightYellow: token('--warning'),
    brightBlue: token('--progressing'),
    brightMagenta: token('--pink'),
    brightCyan: token('--teal'),
    brightWhite: token('--text'),
  };
}
