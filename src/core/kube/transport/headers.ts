import type { Credentials } from '../auth/connection.ts';
import type { Target } from './dial.ts';

interface Sent {
  version: string;
  headers: Readonly<Record<string, string>>;
  bodyBytes: number | undefined;
}

/** Every header of one request, in order. Values that prove who we are exist here and on the wire only. */
export function requestHeaders(target: Target, credentials: Credentials, sent: Sent): [string, string][] {
  // An own User-Agent: to a browser's or curl's the API server pretty-prints, at twice the bytes.
  const all: [string, string][] = [
    ['Host', target.name],
    ['User-Agent', `kubesage/${sent.version}`],
  ];
  if (credentials.token !== undefined) all.push(['Authorization', `Bearer ${credentials.token}`]);
  else if (credentials.basic !== undefined) {
    const { username, password } = credentials.basic;
    all.push(['Authorization', `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`]);
  }
  const as = target.spec.impersonate;
  if (as?.user !== undefined) all.push(['Impersonate-User', as.user]);
  if (as?.uid !== undefined) all.push(['Impersonate-Uid', as.uid]);
  for (const group of as?.groups ?? []) all.push(['Impersonate-Group', group]);
  for (const [key, values] of Object.entries(as?.extra ?? {})) {
    for (const value of values) all.push([`Impersonate-Extra-${escapeExtra(key)}`, value]);
  }
  let accepts = false;
  for (const [name, value] of Object.entries(sent.headers)) {
    if (name.toLowerCase() === 'accept') accepts = true;
    all.push([name, value]);
  }
  if (!accepts) all.push(['Accept', 'application/json']);
  if (sent.bodyBytes !== undefined) all.push(['Content-Length', String(sent.bodyBytes)]);
  return all;
}

/** client-go `transport/round_trippers.go`, headerKeyEscape: what a header name may not hold is percent-encoded. */
function escapeExtra(key: string): string {
  let text = '';
  for (const byte of new TextEncoder().encode(key)) {
    const character = String.fromCharCode(byte);
    text += /[!#$&'*+.^_`|~0-9A-Za-z-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
