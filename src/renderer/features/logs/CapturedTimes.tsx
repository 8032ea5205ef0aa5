import { useRef, useState } from 'react';
import { formatCount, formatTime, t, useTimeStyle } from '../../ui/index.ts';
import css from './captured.module.css';

interface CountedLines {
  total: number;
  from: number;
  step: number;
  buckets: readonly { bucket: number; severity: number; lines: number }[];
}

/** Parts of a column, from its foot, with the severities that they stand for. */
const parts = [
  { name: 'rest', severities: [0, 1, 2, 3, 7] },
  { name: 'warn', severities: [4] },
  { name: 'error', severities: [5, 6] },
] as const;

/** How many of the lines were written when; a press or a drag looks into a part of the time. */
export function CapturedTimes({ count, onRange }: { count: CountedLines; onRange(from: number, to: number): void }) {
  const { zone } = useTimeStyle();
  const box = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const columns = columnsOf(count);
  const most = Math.max(1, ...columns.map((column) => column.reduce((sum, lines) => sum + lines, 0)));
  const length = columns.length;
  const placeOf = (x: number) => {
    const { left, width } = box.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.min(length - 1, Math.max(0, Math.floor(((x - left) / width) * length)));
  };
  const momentOf = (place: number) => count.from + place * count.step;
  const [first, last] = drag === undefined ? [-1, -1] : [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
  return (
    <figure className={css.times} aria-label={t('logs.captured.times')}>
      <div
        ref={box}
        className={css.columns}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const place = placeOf(event.clientX);
          setDrag({ from: place, to: place });
        }}
        onPointerMove={(event) => {
          if (drag !== undefined) setDrag({ ...drag, to: placeOf(event.clientX) });
        }}
        onPointerUp={() => {
          setDrag(undefined);
          if (drag !== undefined) onRange(momentOf(first), momentOf(last + 1));
        }}
      >
        {columns.map((column, place) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: columns are moments in a row
            key={place}
            className={css.column}
            data-chosen={place >= first && place <= last}
            title={t('logs.captured.columnTitle', {
              at: formatTime(momentOf(place), zone),
              lines: formatCount(column.reduce((sum, lines) => sum + lines, 0)),
            })}
          >
            {column.map((lines, part) =>
              lines === 0 ? null : (
                <span
                  key={parts[part]?.name}
                  data-part={parts[part]?.name}
                  style={{ height: `${Math.max(4, (lines / most) * 100)}%` }}
                />
              ),
            )}
          </div>
        ))}
      </div>
      <figcaption className={css.timesEnds}>
        <span>{formatTime(count.from, zone)}</span>
        <span>{formatTime(momentOf(length), zone)}</span>
      </figcaption>
    </figure>
  );
}

const buckets = 60;

function columnsOf(count: CountedLines): number[][] {
  const columns = Array.from({ length: buckets }, () => parts.map(() => 0));
  for (const { bucket, severity, lines } of count.buckets) {
    const part = parts.findIndex(({ severities }) => (severities as readonly number[]).includes(severity));
    const column = columns[bucket];
    if (column !== undefined && part !== -1) column[part] = (column[part] ?? 0) + lines;
  }
  return columns;
}
