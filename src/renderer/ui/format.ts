/** Numbers and times as text: short, exact, the same everywhere. */

/** kubectl's ages: `45s`, `8m12s`, `3d4h`. */
export { humanDuration as formatDuration } from '../../core/kernel/duration.ts';

const binaryUnits = ['B', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** What stands for an absent value. */
export const absent = '–';

/** At most three significant digits, no trailing zeros: `1.5`, `12.3`, `128`. */
function short(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return counts.format(Number(value.toFixed(digits)));
}

/** `1.5 Gi`, `300 Mi`, `0 B`. */
export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return absent;
  let value = bytes;
  let unit = 0;
  // 1000 and not 1024: `1000 Mi` would not fit three digits, `0.98 Gi` does.
  while (Math.abs(value) >= 1000 && unit < binaryUnits.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${short(value)} ${binaryUnits[unit]}`;
}

/** `250m` below one core, `1.5` and `64` above. */
export function formatMillicores(millicores: number | null | undefined): string {
  if (millicores === null || millicores === undefined || !Number.isFinite(millicores)) return absent;
  if (millicores !== 0 && Math.abs(millicores) < 1000) return `${short(millicores)}m`;
  return short(millicores / 1000);
}

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });

/** `12`, `1,204`, `48,210`. */
export function formatCount(count: number | null | undefined): string {
  if (count === null || count === undefined || !Number.isFinite(count)) return absent;
  return counts.format(count);
}

/** A ratio as `42 %`; tiny ones are `<1 %`. */
export function formatPercent(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return absent;
  const percent = ratio * 100;
  if (percent > 0 && percent < 1) return '<1 %';
  return `${Math.round(percent)} %`;
}

/** 'local' and 'UTC' as an IANA zone for Intl; undefined is the machine's own. */
export function zoneOf(timeZone: string): string | undefined {
  return timeZone === 'local' ? undefined : timeZone;
}

/** `2026-11-23 14:02:11` in a zone ('local', 'UTC' or IANA). An unknown zone falls back to UTC and says so. */
export function formatTime(at: number, timeZone: string): string {
  try {
    return plainSpaces(clockOf(zoneOf(timeZone)).format(at));
  } catch {
    // Intl throws on a zone that it does not know, such as a mistyped preference.
    return `${plainSpaces(clockOf('UTC').format(at))} UTC`;
  }
}

/** One for each zone: making one takes a hundred times as long as using it, and a list has two in every row. */
const clocks = new Map<string | undefined, Intl.DateTimeFormat>();

function clockOf(timeZone: string | undefined): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('sv-SE', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZone,
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** `14:02:11`, with the day before it when that is not today. */
export function formatMoment(at: number, timeZone: string, now: number): string {
  const full = formatTime(at, timeZone);
  return full.slice(0, 10) === formatTime(now, timeZone).slice(0, 10) ? full.slice(11) : full.slice(0, 16);
}

/** Intl separates date and time with other spaces in some versions. */
function plainSpaces(text: string): string {
  return text.replace(/\s/gu, ' ').replace(',', '');
}

/** The generated endings of names: a pod template's hash and a pod's own five letters. */
const generatedEnding = /(?:-[bcdfghjklmnpqrstvwxz2456789]{8,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/u;

/** Splits an object's name before its generated ending: `['web', '-7d9c5b8f4-x2x9k']`. */
export function splitName(name: string): [stem: string, ending: string] {
  const match = generatedEnding.exec(name);
  if (match === null || match.index === 0) return [name, ''];
  return [name.slice(0, match.index), match[0]];
}

/** A message and its advice as sentences; errors are written without their full stop. */
export function inSentences(message: string, hint: string | undefined = ''): string {
  const first = message === '' || /[.!?]$/.test(message) ? message : `${message}.`;
  return `${first} ${hint}`.trim();
}
