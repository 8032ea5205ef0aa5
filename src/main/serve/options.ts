import type { Clock } from '../../core/kernel/clock.ts';
import type { Contract, Principal } from '../../core/kernel/contract.ts';
import { messageLimits } from '../../core/kernel/messageLimits.ts';
import type { ApiInfo } from '../../core/kernel/openApi.ts';
import type { Server } from '../../core/kernel/server.ts';
import type { ContentPolicy } from './headers.ts';

export interface ServeLimits {
  /** The most that a request's body may have. */
  bodyBytes: number;
  /** Requests of one caller; a burst may be twice that. */
  requestsPerSecond: number;
  /** Attempts to sign in, of one address. */
  signInsPerSecond: number;
  /** WebSockets open at once, of everybody together. */
  sockets: number;
  /** TCP connections open at once; more are dropped. */
  connections: number;
}

export const serveLimits: ServeLimits = {
  bodyBytes: messageLimits.messageBytes,
  requestsPerSecond: 200,
  signInsPerSecond: 5,
  sockets: 100,
  connections: 500,
};

export interface ServeOptions {
  /** Both may come later: pages are served at once, and what asks for data waits. */
  contract: Contract | Promise<Contract>;
  server: Server | Promise<Server>;
  info: ApiInfo;
  /** The built interface. Absent: the API alone. */
  staticFolder?: string | undefined;
  /** 0 for any free one. */
  port?: number;
  /** What to bind; the loopback address unless named. */
  host?: string;
  /** Names with port, under which it may also be reached: behind a proxy, or bound to all interfaces. */
  allowedHosts?: readonly string[];
  /** PEM. Without it a server that is not on loopback refuses to start, unless `behindProxy`. */
  tls?: { key: string; cert: string };
  /** A proxy in front does TLS. */
  behindProxy?: boolean;
  /** The first one-time token; made up when absent. */
  token?: string;
  apiTokens?: readonly { token: string; principal: Principal }[];
  /** Who signs in with a one-time token. */
  principal?: Principal;
  policy?: ContentPolicy;
  clock?: Clock;
  limits?: Partial<ServeLimits>;
  /** Hears of defects. */
  log?: (problem: { address: string; error: unknown }) => void;
}
