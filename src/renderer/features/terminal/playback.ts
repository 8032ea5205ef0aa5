/** One event of an asciicast: seconds from its start, `o` output, `r` a size, and others. */
export interface CastEvent {
  at: number;
  kind: string;
  data: string;
}

export interface Cast {
  columns: number;
  rows: number;
  title: string;
  events: readonly CastEvent[];
  /** Seconds. */
  length: number;
}

/** Where a recording is shown. */
export interface Stage {
  write(text: string): void;
  resize(columns: number, rows: number): void;
  reset(): void;
}

/** A pause that is shortened lasts so long, in seconds. */
const shortPause = 1;

/** Reads an asciicast of version 2; lines that are none, such as one that was cut off, are left out. Throws for no asciicast. */
export function readCast(text: string): Cast {
  const lines = text.split('\n');
  const head = parsed(lines[0] ?? '') as
    | { version?: number; width?: number; height?: number; title?: string }
    | undefined;
  if (head?.version !== 2) throw new Error('Not an asciicast of version 2');
  const events: CastEvent[] = [];
  for (const line of lines.slice(1)) {
    const event = parsed(line);
    if (!Array.isArray(event)) continue;
    const [at, kind, data] = event as unknown[];
    if (typeof at === 'number' && typeof kind === 'string' && typeof data === 'string') events.push({ at, kind, data });
  }
  return {
    columns: within(head.width, 80),
    rows: within(head.height, 24),
    title: head.title ?? '',
    events,
    length: events.at(-1)?.at ?? 0,
  };
}

/** The same with no pause longer than a second. */
export function withoutPauses({ events, ...cast }: Cast): Cast {
  let shift = 0;
  let before = 0;
  const closer = events.map((event) => {
    shift += Math.max(0, event.at - before - shortPause);
    before = event.at;
    return { ...event, at: event.at - shift };
  });
  return { ...cast, events: closer, length: closer.at(-1)?.at ?? 0 };
}

/** A recording on its stage, at a moment of it. */
export class Playback {
  readonly #cast: Cast;
  readonly #stage: Stage;
  #next = 0;
  #at = 0;

  constructor(cast: Cast, stage: Stage) {
    this.#cast = cast;
    this.#stage = stage;
    stage.resize(cast.columns, cast.rows);
  }

  /** Seconds. */
  get at(): number {
    return this.#at;
  }

  get over(): boolean {
    return this.#at >= this.#cast.length;
  }

  /** Shows what it shows at this moment; backwards from the beginning on. */
  seek(seconds: number): void {
    const to = Math.min(Math.max(0, seconds), this.#cast.length);
    if (to < this.#at) {
      this.#stage.reset();
      this.#stage.resize(this.#cast.columns, this.#cast.rows);
      this.#next = 0;
    }
    this.#at = to;
    const { events } = this.#cast;
    let text = '';
    for (let event = events[this.#next]; event !== undefined && event.at <= to; event = events[++this.#next]) {
      if (event.kind === 'o') text += event.data;
      const size = event.kind === 'r' ? /^(\d{1,4})x(\d{1,4})$/.exec(event.data) : null;
      if (size === null) continue;
      this.#stage.write(text);
      text = '';
      this.#stage.resize(within(Number(size[1]), 80), within(Number(size[2]), 24));
    }
    if (text !== '') this.#stage.write(text);
  }
}

/** `1:02:03`, `2:03`. */
export function formatPlace(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (count: number) => String(count).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

function within(size: number | undefined, otherwise: number): number {
  return size !== undefined && Number.isInteger(size) && size > 0 && size <= 1000 ? size : otherwise;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Cut off in its middle.
    return undefined;
  }
}
