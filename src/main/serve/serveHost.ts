import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { systemClock } from '../../core/kernel/clock.ts';
import { KubeSageError } from '../../core/kernel/errors.ts';
import { Face } from './face.ts';
import { perimeterOf } from './guard.ts';
import { type ServeOptions, serveLimits } from './options.ts';
import { Sessions } from './sessions.ts';

export interface ServeHost {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  /** The address that signs one browser in, once. */
  readonly signInUrl: string;
  /** Another such address. */
  issueSignInUrl(): string;
  /** Ends every stream and session and frees the port. The server that was handed in stays. */
  close(): Promise<void>;
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);

/** Starts listening. Throws `invalid` for an unsafe binding, `unavailable` when the port is taken. */
export async function createServeHost(options: ServeOptions): Promise<ServeHost> {
  const { host = '127.0.0.1', port = 0, clock = systemClock } = options;
  if (!loopback.has(host) && options.tls === undefined && options.behindProxy !== true) {
    throw new KubeSageError('invalid', `Without TLS it only listens on this machine, not on ${host}`, {
      hint: 'Give it a certificate, or say that a proxy in front of it does TLS.',
    });
  }
  const principal = options.principal ?? { id: 'local', name: 'Local user' };
  const sessions = new Sessions(clock, principal, options.apiTokens ?? []);
  const firstToken = sessions.issue(options.token);
  const app = fastify({
    bodyLimit: options.limits?.bodyBytes ?? serveLimits.bodyBytes,
    forceCloseConnections: true,
    // Slow senders hold a connection no longer than this.
    requestTimeout: 30_000,
    ...(options.tls === undefined ? {} : { https: options.tls }),
  }) as unknown as FastifyInstance;
  app.server.maxConnections = options.limits?.connections ?? serveLimits.connections;
  const face = new Face(app, options, sessions, clock);
  await face.register();
  try {
    await app.listen({ host, port });
  } catch (error) {
    sessions.dispose();
    await app.close();
    throw new KubeSageError('unavailable', `It could not listen on ${host}:${port}`, {
      hint: 'Another program may use that port: name another one, or none for any.',
      cause: error,
    });
  }
  const bound = (app.server.address() as AddressInfo).port;
  const scheme = options.tls === undefined ? 'http' : 'https';
  face.perimeter = perimeterOf(bound, scheme, host, options.allowedHosts ?? []);
  const name = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  const url = `${scheme}://${name}:${bound}`;
  return {
    url,
    port: bound,
    signInUrl: `${url}/?token=${firstToken}`,
    issueSignInUrl: () => `${url}/?token=${sessions.issue()}`,
    async close() {
      sessions.dispose();
      await app.close();
    },
  };
}
