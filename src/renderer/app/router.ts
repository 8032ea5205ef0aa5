import { useSyncExternalStore } from 'react';

/**
 * Addresses. The whole state of a view is in the location's hash, `#/resources/pods?clusters=a,b&filter=app%3Dweb`, so
 * that it works from `app://` and from any server without rewriting. `kubesage://` followed by the same path is the
 * deep link: `kubesage://resources/pods?clusters=a,b`.
 */
export interface Location {
  /** Starts with a slash: `/resources/pods`. */
  path: string;
  params: Readonly<Record<string, string>>;
}

export type Params = Record<string, string | undefined>;

/** Reads `/path?params`, with or without a leading `#`. */
export function parseLocation(text: string): Location {
  const plain = text.startsWith('#') ? text.slice(1) : text;
  const cut = plain.indexOf('?');
  const path = cut < 0 ? plain : plain.slice(0, cut);
  // From entries: a parameter may be called `__proto__`.
  const params: Record<string, string> = Object.fromEntries(new URLSearchParams(cut < 0 ? '' : plain.slice(cut + 1)));
  return { path: path.startsWith('/') ? path : `/${path}`, params };
}

/** Writes `/path?params`; parameters that are absent or empty are left out, commas and colons stay readable. */
export function formatLocation(path: string, params: Params = {}): string {
  const query = Object.entries(params)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .map(([key, value]) => `${encodeURIComponent(key)}=${readable(value)}`)
    .join('&');
  return query === '' ? path : `${path}?${query}`;
}

function readable(value: string): string {
  return encodeURIComponent(value).replace(/%(?:2C|3A|2F|40)/gu, (code) => decodeURIComponent(code));
}

/** `/objects/:cluster/:kind` against a path: its decoded parts by name, or undefined. A last `:name?` may be absent. */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (given.length > wanted.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, want] of wanted.entries()) {
    const have = given[index];
    if (want.startsWith(':')) {
      const optional = want.endsWith('?');
      if (have === undefined) {
        if (optional) continue;
        return undefined;
      }
      parts[optional ? want.slice(1, -1) : want.slice(1)] = decode(have);
    } else if (have !== want) return undefined;
  }
  return parts;
}

/** Fills a pattern's parts: `pathOf('/clusters/:id', { id })`. */
export function pathOf(pattern: string, parts: Readonly<Record<string, string | undefined>> = {}): string {
  const filled = pattern.split('/').map((part) => {
    if (!part.startsWith(':')) return part;
    const value = parts[part.replace(/^:|\?$/gu, '')];
    return value === undefined ? '' : encodeURIComponent(value);
  });
  return filled.join('/').replace(/\/+$/u, '') || '/';
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A hand-written address with a stray percent sign: take it as it is.
    return part;
  }
}

/** A comma-separated list parameter; undefined when it is absent. */
export function listParam(value: string | undefined): string[] | undefined {
  if (value === undefined || value === '') return undefined;
  return value.split(',').map(decode);
}

/** Writes a list parameter; commas within values survive. */
export function listText(values: readonly string[] | undefined): string | undefined {
  if (values === undefined || values.length === 0) return undefined;
  return values.map((value) => value.replace(/[%,]/gu, encodeURIComponent)).join(',');
}

/** `kubesage://resources/pods?ns=x` to `/resources/pods?ns=x`; undefined for anything else. */
export function fromDeepLink(link: string): string | undefined {
  const match = /^kubesage:\/\/(?:open\/)?([^#]*)$/u.exec(link);
  return match?.[1] === undefined ? undefined : `/${match[1].replace(/^\/+/u, '')}`;
}

/** The deep link of an address. */
export function toDeepLink(address: string): string {
  return `kubesage://${address.replace(/^\//u, '')}`;
}

let current: Location = { path: '/', params: {} };
let before: string | undefined;
const listeners = new Set<() => void>();

function address(location: Location): string {
  return formatLocation(location.path, location.params);
}

/** Follows the window's address until the returned function is called. Called once, by the entry. */
export function startRouter(): () => void {
  const read = () => {
    const next = parseLocation(window.location.hash);
    if (next.path !== current.path) before = address(current);
    current = next;
    for (const listener of [...listeners]) listener();
  };
  current = parseLocation(window.location.hash);
  window.addEventListener('hashchange', read);
  window.addEventListener('popstate', read);
  return () => {
    window.removeEventListener('hashchange', read);
    window.removeEventListener('popstate', read);
  };
}

export function location(): Location {
  return current;
}

export function useLocation(): Location {
  return useSyncExternalStore(
    (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    () => current,
  );
}

/** Parameters that stay while the user moves from view to view: what part of the fleet is looked at. */
export const scopeParams = ['clusters', 'namespaces'] as const;

/** An address with the present scope, unless it has its own. What `href` and `navigate` are given. */
export function withScope(target: string): string {
  // Every name in a list is a link: most of the time there is no scope, and nothing to take apart.
  if (scopeParams.every((key) => current.params[key] === undefined) && !target.includes('?')) return target;
  const { path, params } = parseLocation(target);
  const kept: Params = {};
  for (const key of scopeParams) kept[key] = params[key] ?? current.params[key];
  return formatLocation(path, { ...params, ...kept });
}

/** For `<a href>`: links can be opened, copied and middle-clicked like any other. */
export function href(target: string): string {
  return `#${withScope(target)}`;
}

/** Goes to an address; the scope is kept. `replace` adds no entry to the history, for typing in a filter. */
export function navigate(target: string, options: { replace?: boolean } = {}): void {
  go(withScope(target), options.replace === true);
}

/** Changes some parameters of the present view; undefined takes one away. */
export function setParams(change: Params, options: { replace?: boolean } = {}): void {
  go(formatLocation(current.path, { ...current.params, ...change }), options.replace === true);
}

/** The view before this one, as k9s' `-`. */
export function goToLast(): void {
  if (before !== undefined) go(before, false);
}

function go(target: string, replace: boolean): void {
  const hash = `#${target}`;
  if (hash === window.location.hash) return;
  if (!replace) {
    window.location.hash = hash;
    return;
  }
  window.history.replaceState(window.history.state, '', hash);
  current = parseLocation(hash);
  for (const listener of [...listeners]) listener();
}
