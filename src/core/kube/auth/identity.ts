import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { DataOrFile, UserAuth } from '../kubeconfig/model.ts';
import type { CredentialSource, Credentials } from './connection.ts';
import { certificateEnd } from './execPlugin.ts';

/** Credentials before they are numbered. */
export type Proof = Omit<Credentials, 'generation'>;

/** Renewed a little before the end, so that a request under way does not outlive them: client-go's margin. */
const expiryMarginMs = 10_000;

/** What is written in the kubeconfig or in files that it names; the files are read each time, since others renew them. */
export async function readStaticProof(auth: UserAuth): Promise<Proof> {
  const proof: Proof = {};
  if (auth.clientCertificate !== undefined && auth.clientKey !== undefined) {
    proof.clientCertificate = await readDataOrFile(auth.clientCertificate, 'client certificate');
    proof.clientKey = await readDataOrFile(auth.clientKey, 'client key');
    const end = certificateEnd(proof.clientCertificate);
    if (end !== undefined) proof.expiresAt = end;
  }
  // As client-go: the file's token wins over the written one, which stays as what to use while the file is missing.
  let token = auth.token;
  if (auth.tokenFile !== undefined) {
    try {
      const read = (await readFile(auth.tokenFile, 'utf8')).trim();
      if (read === '' && token === undefined) throw unreadable('token', auth.tokenFile, undefined);
      token = read || token;
    } catch (error) {
      if (token === undefined)
        throw error instanceof KubeSageError ? error : unreadable('token', auth.tokenFile, error);
    }
  }
  if (token !== undefined) proof.token = token;
  if (auth.basic !== undefined) proof.basic = auth.basic;
  return proof;
}

/**
 * Credentials that are written somewhere: cheap to read, so they are read at every `get`, and a change makes a new
 * generation. A refused set that has not changed since is an error, because asking again would not help.
 */
export function createStaticSource(read: () => Promise<Proof>, who: string): CredentialSource {
  let current: Credentials | undefined;
  return {
    async get(refused) {
      const proof = await read();
      if (current === undefined || !isDeepStrictEqual(proof, withoutGeneration(current))) {
        current = { ...proof, generation: (current?.generation ?? 0) + 1 };
      }
      if (refused !== undefined && refused >= current.generation) throw refusedError(current, who);
      return current;
    },
  };
}

export interface LoginOptions {
  /** Makes new credentials; takes its turn among all logins. */
  login(signal: AbortSignal): Promise<Proof>;
  /** Whether a failure may be tried again without the user, because no person can be involved. */
  silent: boolean;
  clock: Clock;
  /** Milliseconds by which the server's clock is ahead of ours. */
  skewMs(): number;
}

interface Running {
  promise: Promise<Credentials>;
  /** How many wait for it. */
  callers: number;
  abandoned: AbortController;
}

/** First pause before a silent login is tried again; doubles up to the last. */
const firstPauseMs = 60_000;
const lastPauseMs = 15 * 60_000;

/**
 * Credentials that have to be fetched by a program or from a provider. All callers share one login; it is kept until it
 * expires by the server's clock or is refused. A failed login is remembered and told to whoever asks, without another
 * attempt, until `forgive`: a window must not open sign-ins by itself all night.
 */
export class LoginSource implements CredentialSource {
  readonly #options: LoginOptions;
  #current: Credentials | undefined;
  #generation = 0;
  /** Came out of the login already expired by our reckoning: the clock is wrong, the server decides. */
  #trusted = false;
  #running: Running | undefined;
  #failure: { error: unknown; at: number; pauseMs: number } | undefined;
  readonly #ended = new AbortController();

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  get(refused?: number, signal?: AbortSignal): Promise<Credentials> {
    const { clock, skewMs, silent } = this.#options;
    const current = this.#current;
    if (current !== undefined && (refused === undefined || current.generation > refused)) {
      const serverNow = clock.now() + skewMs();
      if (this.#trusted || current.expiresAt === undefined || serverNow < current.expiresAt - expiryMarginMs) {
        return Promise.resolve(current);
      }
    }
    if (this.#running === undefined) {
      const failure = this.#failure;
      if (failure !== undefined && !(silent && clock.now() >= failure.at + failure.pauseMs)) {
        return Promise.reject(failure.error);
      }
      const abandoned = new AbortController();
      const promise = this.#login(AbortSignal.any([this.#ended.signal, abandoned.signal])).finally(() => {
        if (this.#running === running) this.#running = undefined;
      });
      const running = { promise, callers: 0, abandoned };
      this.#running = running;
      // Everybody may have left by the time it fails; the failure is remembered all the same.
      promise.catch(() => undefined);
    }
    return this.#wait(this.#running, signal);
  }

  /** The user asked for another attempt. */
  forgive(): void {
    this.#failure = undefined;
  }

  dispose(): void {
    this.#ended.abort(new KubeSageError('cancelled', 'The sign-in was ended'));
    this.#current = undefined;
  }

  /** A login that nobody waits for any more is ended: no window opens for a cluster that was closed meanwhile. */
  #wait(running: Running, signal: AbortSignal | undefined): Promise<Credentials> {
    running.callers++;
    if (signal === undefined) return running.promise;
    return new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal.reason);
        if (--running.callers > 0) return;
        if (this.#running === running) this.#running = undefined;
        running.abandoned.abort(signal.reason);
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      running.promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  async #login(signal: AbortSignal): Promise<Credentials> {
    const { login, clock, skewMs } = this.#options;
    try {
      const proof = await login(signal);
      const serverNow = clock.now() + skewMs();
      this.#trusted = proof.expiresAt !== undefined && serverNow >= proof.expiresAt - expiryMarginMs;
      this.#current = { ...proof, generation: ++this.#generation };
      this.#failure = undefined;
      return this.#current;
    } catch (error) {
      if (signal.aborted) throw error;
      const pauseMs = Math.min(lastPauseMs, this.#failure === undefined ? firstPauseMs : this.#failure.pauseMs * 2);
      this.#failure = { error, at: clock.now(), pauseMs };
      throw error;
    }
  }
}

function withoutGeneration(credentials: Credentials): Proof {
  const { generation: _generation, ...proof } = credentials;
  return proof;
}

async function readDataOrFile(value: DataOrFile, what: string): Promise<string> {
  if ('data' in value) return value.data;
  try {
    return await readFile(value.file, 'utf8');
  } catch (error) {
    throw unreadable(what, value.file, error);
  }
}

function unreadable(what: string, file: string, cause: unknown): KubeSageError {
  return new KubeSageError('unauthenticated', `The ${what} in ${file} cannot be read`, {
    hint: 'Check that the file exists and that you may read it.',
    cause,
  });
}

function refusedError(credentials: Credentials, who: string): KubeSageError {
  const what =
    credentials.token !== undefined
      ? 'token'
      : credentials.clientCertificate !== undefined
        ? 'client certificate'
        : credentials.basic !== undefined
          ? 'password'
          : 'anonymous access';
  const ended =
    credentials.expiresAt === undefined ? '' : `; it is valid until ${new Date(credentials.expiresAt).toISOString()}`;
  return new KubeSageError('unauthenticated', `The server does not accept the ${what} of user "${who}"${ended}`, {
    hint: 'Renew it in the kubeconfig; KubeSage reads it again by itself. Then open the cluster again.',
  });
}
