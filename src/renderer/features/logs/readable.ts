import { stripAnsi } from './ansi.ts';

/** Fields that say what a line is about come first, without their names. */
const messages = ['msg', 'message', 'log', 'event'];
/** Said by the line's own time and colour already. */
const known = new Set(['time', 'ts', 'timestamp', '@timestamp', 't', 'level', 'lvl', 'severity']);

/** A line without its colours, and readable where that is wanted. */
export function plainOf(text: string, isReadable: boolean): string {
  const stripped = stripAnsi(text);
  return (isReadable ? readable(stripped) : undefined) ?? stripped;
}

/** A JSON line as `message  key=value key=value`; undefined when it is none. */
export function readable(text: string): string | undefined {
  const start = text.indexOf('{');
  if (start === -1 || start > 60 || !text.trimEnd().endsWith('}')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text.slice(start));
  } catch {
    // Not JSON, though it looks like it.
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = Object.entries(value);
  const message = messages.map((name) => fields.find(([key]) => key === name)).find((found) => found !== undefined);
  const parts = fields
    .filter(([key]) => key !== message?.[0] && !known.has(key))
    .map(([key, field]) => `${key}=${show(field)}`);
  const head = [text.slice(0, start).trim(), message === undefined ? '' : show(message[1], true)];
  return [...head.filter((part) => part !== ''), parts.join(' ')].filter((part) => part !== '').join('  ');
}

function show(value: unknown, plain = false): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? '';
  return plain || /^[^\s="]+$/.test(value) ? value.replaceAll('\n', '⏎') : JSON.stringify(value);
}
