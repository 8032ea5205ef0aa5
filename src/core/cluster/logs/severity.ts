import { severities } from './contract.ts';

const place = (name: (typeof severities)[number]) => severities.indexOf(name);
const none = place('none');

/** Words that loggers use, in small letters. */
const words = new Map<string, number>(
  Object.entries({
    trace: ['trace', 'trc', 'finest', 'finer'],
    debug: ['debug', 'dbg', 'debu', 'fine', 'verbose', 'd'],
    info: ['info', 'inf', 'information', 'informational', 'notice', 'log', 'i'],
    warn: ['warn', 'warning', 'wrn', 'w'],
    error: ['error', 'err', 'eror', 'severe', 'e'],
    fatal: ['fatal', 'ftl', 'critical', 'crit', 'crt', 'panic', 'emerg', 'emergency', 'alert', 'f', 'dpanic'],
  }).flatMap(([name, texts]) => texts.map((text) => [text, place(name as 'info')] as const)),
);

/** A line's beginning is looked at: a level further on is more often the message's than the logger's. Characters. */
const lookedAt = 400;

/** `level=warn`, `"severity":"ERROR"`, `lvl: info`, with pino's and bunyan's numbers. */
const named = /(?:^|[\s{,"[(.])(?:log_?)?(?:level|lvl|severity|levelname|loglevel)"?\s*[=:]\s*"?([a-z]+|\d+)/i;
const escapeStart = `${String.fromCharCode(27)}[`;
const colors = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const klog = /^[IWEF]\d{4} \d\d:\d\d:\d\d/;
/** A word of its own in capitals, or in brackets, or before a colon, near the beginning. */
const alone =
  /(?:^|[\s[(<|"])(TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|PANIC|EMERG|ALERT)(?=$|[\s\])>|:",=!])|\[(trace|debug|info|notice|warn(?:ing)?|error|crit|fatal|emerg|alert)\]|^(trace|debug|info|warn(?:ing)?|error|fatal|panic): ?/;
/** Crashes that loggers do not label. */
const crash = /^(?:panic: |Traceback \(most recent call last\)|Exception in thread |Unhandled|Uncaught |fatal error: )/;

/** The severity that a line names, as its place in `severities`; 0 where it names none. */
export function severityOf(line: string): number {
  const start = line.length > lookedAt ? line.slice(0, lookedAt) : line;
  const text = start.includes(escapeStart) ? start.replace(colors, '') : start;
  const field = named.exec(text);
  if (field !== null) {
    const word = field[1] as string;
    const level = Number(word);
    const found = Number.isNaN(level) ? words.get(word.toLowerCase()) : numbered(level);
    if (found !== undefined) return found;
  }
  if (klog.test(text)) return words.get((text[0] as string).toLowerCase()) ?? none;
  const word = alone.exec(text);
  if (word !== null) {
    const found = (word[1] ?? word[2] ?? word[3] ?? '').toLowerCase();
    return words.get(found) ?? none;
  }
  return crash.test(text) ? place('fatal') : none;
}

/** Pino and bunyan count in tens, syslog from 0 (worst) to 7. */
function numbered(level: number): number | undefined {
  if (level >= 10) {
    return place(severities[Math.min(6, Math.max(1, Math.floor(level / 10)))] ?? 'info');
  }
  const syslog = ['fatal', 'fatal', 'fatal', 'error', 'warn', 'info', 'info', 'debug'] as const;
  const name = syslog[level];
  return name === undefined ? undefined : place(name);
}
