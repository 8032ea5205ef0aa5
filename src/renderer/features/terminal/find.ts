import type { Terminal } from '@xterm/xterm';

export interface Found {
  line: number;
  column: number;
}

/** Looks for a text from a place on, upwards or downwards and once around; letters of both cases are the same. */
export function findText(
  lines: { readonly length: number; text(line: number): string },
  text: string,
  from: Found | undefined,
  upwards: boolean,
): Found | undefined {
  const wanted = text.toLowerCase();
  if (wanted === '' || lines.length === 0) return undefined;
  const step = upwards ? -1 : 1;
  const first = from?.line ?? (upwards ? lines.length - 1 : 0);
  for (let turn = 0; turn <= lines.length; turn++) {
    const line = (first + step * turn + lines.length * 2) % lines.length;
    const inLine = lines.text(line).toLowerCase();
    // The line of the last match is looked at from that match on, and at the end as a whole.
    const start = turn === 0 && from !== undefined ? from.column + step : undefined;
    const column = upwards
      ? start !== undefined && start < 0
        ? -1
        : inLine.lastIndexOf(wanted, start)
      : inLine.indexOf(wanted, start);
    if (column >= 0) return { line, column };
  }
  return undefined;
}

/** All that a terminal holds, as lines. */
export function linesIn({ buffer }: Terminal) {
  return {
    length: buffer.active.length,
    text: (line: number) => buffer.active.getLine(line)?.translateToString(true) ?? '',
  };
}
