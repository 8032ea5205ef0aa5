import type { CSSProperties } from 'react';
import { parseAnsi, type Span, stripAnsi } from './ansi.ts';
import type { Line } from './logBuffer.ts';
import styles from './logs.module.css';

/** A line's text with its colours and with what was searched marked. Only text and styles come out of a log. */
export function LineText({ line, find }: { line: Pick<Line, 'text' | 'plain'>; find: RegExp | undefined }) {
  const colored = line.text !== line.plain && stripAnsi(line.text) === line.plain;
  const spans = colored ? parseAnsi(line.text) : [{ text: line.plain }];
  const marks = find === undefined ? [] : marksIn(line.plain, find);
  let at = 0;
  return (
    <span className={styles.text}>
      {spans.map((span, index) => {
        const start = at;
        at += span.text.length;
        const style = styleOf(span);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
          <span key={index} {...(style !== undefined && { style })}>
            {cutAt(span.text, start, marks).map((piece) =>
              piece.marked ? <mark key={piece.at}>{piece.text}</mark> : piece.text,
            )}
          </span>
        );
      })}
    </span>
  );
}

function styleOf({ color, background, bold, dim, italic, underline }: Span): CSSProperties | undefined {
  const style: CSSProperties = {
    ...(color !== undefined && { color: cssColor(color) }),
    ...(background !== undefined && { background: cssColor(background) }),
    ...(bold === true && { fontWeight: 600 }),
    ...(dim === true && { opacity: 0.7 }),
    ...(italic === true && { fontStyle: 'italic' }),
    ...(underline === true && { textDecoration: 'underline' }),
  };
  return Object.keys(style).length === 0 ? undefined : style;
}

function cssColor(color: string): string {
  return color.startsWith('#') ? color : `var(--${color})`;
}

/** Places that are marked in one line at most. */
const mostMarks = 100;

function marksIn(text: string, find: RegExp): { from: number; to: number }[] {
  const marks: { from: number; to: number }[] = [];
  for (const match of text.matchAll(find)) {
    if (match[0] === '') continue;
    marks.push({ from: match.index, to: match.index + match[0].length });
    if (marks.length >= mostMarks) break;
  }
  return marks;
}

interface Piece {
  at: number;
  text: string;
  marked: boolean;
}

/** A text that begins at `start` of its line, cut where marks begin and end. */
function cutAt(text: string, start: number, marks: readonly { from: number; to: number }[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to } of marks) {
    const first = Math.max(at, from - start);
    const end = Math.min(text.length, to - start);
    if (end <= first) continue;
    if (first > at) pieces.push({ at, text: text.slice(at, first), marked: false });
    pieces.push({ at: first, text: text.slice(first, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ at, text: text.slice(at), marked: false });
  return pieces;
}
