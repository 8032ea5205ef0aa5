import { KubeSageError } from '../../core/kernel/errors.ts';

/** Whom this server answers, and which pages may talk to it. */
export interface Perimeter {
  /** Host headers with port, in lower case. Anything else is somebody's name that points here (DNS rebinding). */
  hosts: ReadonlySet<string>;
  /** Origins of our own pages, in lower case. */
  origins: ReadonlySet<string>;
}

/** The names that a machine has for itself, and those that were allowed besides. */
export function perimeterOf(
  port: number,
  scheme: 'http' | 'https',
  bound: string,
  allowed: readonly string[],
): Perimeter {
  const own = ['127.0.0.1', 'localhost', '[::1]', bound.includes(':') ? `[${bound}]` : bound];
  const hosts = new Set<string>();
  for (const name of own.map((each) => each.toLowerCase())) {
    // A server on all interfaces has no name of its own: those that people use for it have to be listed.
    if (name === '0.0.0.0' || name === '[::]') continue;
    hosts.add(`${name}:${port}`);
    if (port === (scheme === 'http' ? 80 : 443)) hosts.add(name);
  }
  for (const name of allowed) hosts.add(name.toLowerCase());
  // Behind a proxy the page's scheme is the proxy's, so an allowed name is taken with both.
  const origins = new Set([...hosts].map((host) => `${scheme}://${host}`));
  for (const name of allowed) for (const each of ['http', 'https']) origins.add(`${each}://${name.toLowerCase()}`);
  return { hosts, origins };
}

/** What of a request decides whether it comes from where it may. */
export interface Provenance {
  method: string;
  isUpgrade: boolean;
  host: string | undefined;
  origin: string | undefined;
  /** The Sec-Fetch-Site header, which browsers set and pages cannot. */
  site: string | undefined;
  /** Whether it proves itself by a token that no page sends on its own, rather than by a cookie. */
  hasToken: boolean;
}

/** Why a request is refused, or undefined. */
export function whyRefused(request: Provenance, perimeter: Perimeter): KubeSageError | undefined {
  if (request.host === undefined || !perimeter.hosts.has(request.host.toLowerCase())) {
    return new KubeSageError('forbidden', 'This server does not answer under that host name', {
      hint: 'Open it under the address that it printed when it started.',
    });
  }
  const fromElsewhere = new KubeSageError('forbidden', 'Another site may not use this server', {
    hint: 'Requests that change something, and sockets, must come from its own pages or bring an API token.',
  });
  if (request.origin !== undefined) {
    return perimeter.origins.has(request.origin.toLowerCase()) ? undefined : fromElsewhere;
  }
  const changes = request.isUpgrade || !['GET', 'HEAD'].includes(request.method);
  // A browser always says where a change comes from. What does not is a program, and has to show that it is one.
  if (changes && !request.hasToken) return fromElsewhere;
  return undefined;
}

/** For what is answered only to one's own pages and programs: another site cannot read it, and shall not cause it. */
export function isFromOtherSite({ site, hasToken }: Provenance): boolean {
  return !hasToken && site !== undefined && site !== 'same-origin' && site !== 'none';
}
