import { BlockList, isIP } from 'node:net';
import { isLoopback } from './risks.ts';

/**
 * The proxy that the environment asks for, as Go's http.ProxyFromEnvironment (and so kubectl) decides it: HTTPS_PROXY or
 * HTTP_PROXY by the server's scheme, lower case too, never for loopback, not for what NO_PROXY names (`*`, a host, a
 * domain with or without a leading dot, an address, a CIDR, each with an optional port). Undefined for none.
 */
export function proxyFromEnvironment(
  server: string,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const url = new URL(server);
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (isLoopback(host)) return undefined;
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = env[name] || env[name.toLowerCase()];
  if (!proxy) return undefined;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const exceptions = (env.NO_PROXY || env.no_proxy || '').split(',').map((entry) => entry.trim().toLowerCase());
  if (exceptions.some((entry) => entry !== '' && isExempt(entry, host, port))) return undefined;
  const written = proxy.includes('://') ? proxy : `http://${proxy}`;
  return URL.canParse(written) ? written : undefined;
}

function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const slash = entry.indexOf('/');
  if (slash > 0) return isInside(host, entry.slice(0, slash), Number(entry.slice(slash + 1)));
  const [, name = entry, entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (isIP(entry) !== 0) return entry === host;
  if (entryPort !== undefined && entryPort !== port) return false;
  if (name.startsWith('.')) return host.endsWith(name);
  return host === name || host.endsWith(`.${name}`);
}

function isInside(host: string, network: string, bits: number): boolean {
  const version = isIP(network);
  if (version === 0 || isIP(host) !== version || !Number.isInteger(bits) || bits < 0) return false;
  if (bits > (version === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, bits, family);
  return list.check(host, family);
}
