/** A cron schedule in UTC: minute, hour, day of month, month, day of week, each with lists, ranges and steps. */
export interface Schedule {
  /** The first due minute after an instant, milliseconds; undefined when there is none within a year. */
  next(afterMs: number): number | undefined;
}

const minuteMs = 60_000;
const bounds = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;
const macros: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
};

/** Undefined when the text is no schedule. */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (macros[text.trim()] ?? text.trim()).split(/\s+/);
  if (fields.length !== 5) return undefined;
  const sets: Set<number>[] = [];
  for (const [index, field] of fields.entries()) {
    const [low, high] = bounds[index] ?? [0, 0];
    const values = parseField(field, low, high);
    if (values === undefined) return undefined;
    sets.push(values);
  }
  const [minutes, hours, days, months, weekdays] = sets;
  if (minutes === undefined || hours === undefined || days === undefined || months === undefined) return undefined;
  if (weekdays === undefined) return undefined;
  if (weekdays.has(7)) weekdays.add(0);
  // When both days are limited, either is enough: crontab(5).
  const either = fields[2] !== '*' && fields[4] !== '*';
  const onDay = (date: Date) => {
    const [byMonth, byWeek] = [days.has(date.getUTCDate()), weekdays.has(date.getUTCDay())];
    return months.has(date.getUTCMonth() + 1) && (either ? byMonth || byWeek : byMonth && byWeek);
  };
  return {
    next(afterMs) {
      let at = Math.floor(afterMs / minuteMs) * minuteMs + minuteMs;
      const limit = afterMs + 366 * 24 * 60 * minuteMs;
      while (at < limit) {
        const date = new Date(at);
        if (!onDay(date)) at = Math.floor(at / (1440 * minuteMs)) * 1440 * minuteMs + 1440 * minuteMs;
        else if (!hours.has(date.getUTCHours())) at = Math.floor(at / (60 * minuteMs)) * 60 * minuteMs + 60 * minuteMs;
        else if (!minutes.has(date.getUTCMinutes())) at += minuteMs;
        else return at;
      }
      return undefined;
    },
  };
}

function parseField(field: string, low: number, high: number): Set<number> | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const step = match[4] === undefined ? 1 : Number(match[4]);
    const from = match[1] === '*' ? low : Number(match[2]);
    const last = match[4] === undefined ? from : high;
    const to = match[1] === '*' ? high : match[3] === undefined ? last : Number(match[3]);
    if (from < low || to > high || step < 1) return undefined;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  return values;
}
