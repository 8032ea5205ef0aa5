import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/kernel/clock.ts';
import type { Principal } from '../../core/kernel/contract.ts';
import { type Disposable, Scope } from '../../core/kernel/disposable.ts';

export interface Session extends Disposable {
  readonly principal: Principal;
  /** What ends with the session: its sockets. */
  readonly owned: Scope;
}

/** Signed-in browsers end when they were quiet for so long: a working day and its evening. */
const idleMs = 16 * 60 * 60 * 1000;

/** More browsers than one person has; the longest unused one makes room. */
const mostSessions = 50;
const mostOneTimeTokens = 20;

interface BrowserSession extends Session {
  usedMs: number;
}

/**
 * Who may talk to the server: browsers by a cookie that a one-time token was exchanged for, programs by API tokens.
 * Only hashes of secrets are kept, so that looking one up takes no time that depends on it.
 */
export class Sessions implements Disposable {
  readonly #clock: Clock;
  readonly #principal: Principal;
  readonly #oneTime = new Set<string>();
  readonly #browsers = new Map<string, BrowserSession>();
  readonly #programs = new Map<string, Session>();

  /** `principal` is who signs in with a one-time token. */
  constructor(clock: Clock, principal: Principal, apiTokens: readonly { token: string; principal: Principal }[]) {
    this.#clock = clock;
    this.#principal = principal;
    for (const { token, principal: owner } of apiTokens) this.#programs.set(hash(token), sessionOf(owner));
  }

  /** Makes a token that signs one browser in, once. */
  issue(token: string = newSecret()): string {
    this.#oneTime.add(hash(token));
    const oldest = this.#oneTime.values().next();
    if (this.#oneTime.size > mostOneTimeTokens && oldest.done !== true) this.#oneTime.delete(oldest.value);
    return token;
  }

  /** The cookie's value for a one-time token, which is used up by it; undefined when it was used or never was one. */
  exchange(token: string): string | undefined {
    if (!this.#oneTime.delete(hash(token))) return undefined;
    const secret = newSecret();
    const key = hash(secret);
    const session: BrowserSession = { ...sessionOf(this.#principal), usedMs: this.#clock.now() };
    this.#browsers.set(key, session);
    if (this.#browsers.size > mostSessions) {
      const [oldest] = [...this.#browsers].sort(([, a], [, b]) => a.usedMs - b.usedMs);
      if (oldest !== undefined) this.#end(oldest[0]);
    }
    return secret;
  }

  byCookie(secret: string): Session | undefined {
    const key = hash(secret);
    const session = this.#browsers.get(key);
    if (session === undefined) return undefined;
    const now = this.#clock.now();
    if (now - session.usedMs > idleMs) {
      this.#end(key);
      return undefined;
    }
    session.usedMs = now;
    return session;
  }

  byToken(token: string): Session | undefined {
    return this.#programs.get(hash(token));
  }

  /** Ends the session and its sockets. */
  signOut(secret: string): void {
    this.#end(hash(secret));
  }

  dispose(): void {
    for (const key of [...this.#browsers.keys()]) this.#end(key);
    for (const session of this.#programs.values()) session.dispose();
    this.#programs.clear();
    this.#oneTime.clear();
  }

  #end(key: string): void {
    this.#browsers.get(key)?.dispose();
    this.#browsers.delete(key);
  }
}

function sessionOf(principal: Principal): Session {
  const owned = new Scope();
  return { principal, owned, dispose: () => owned.dispose() };
}

/** 256 bits: not to be guessed. */
function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
