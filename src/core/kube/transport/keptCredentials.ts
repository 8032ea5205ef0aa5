import type { Clock } from '../../kernel/clock.ts';
import type { CredentialSource, Credentials } from '../auth/connection.ts';

/** A token that ends within this is renewed, so that it does not run out on its way. */
const earlyMs = 30_000;

export interface KeptCredentialsOptions {
  source: CredentialSource;
  clock: Clock;
  /** What to add to the clock to get the server's, milliseconds. */
  skewMs: () => number;
  /** Ends what is asked of the source. */
  end: AbortSignal;
}

/** The credentials of one connection: asked of their source once for all who wait, and again when refused or ending. */
export class KeptCredentials {
  readonly #options: KeptCredentialsOptions;
  #kept: Credentials | undefined;
  #asking: { refused: number | undefined; answer: Promise<Credentials> } | undefined;

  constructor(options: KeptCredentialsOptions) {
    this.#options = options;
  }

  /** @param refused generation that the server did not accept: a newer one is wanted */
  async get(refused: number | undefined, signal: AbortSignal): Promise<Credentials> {
    if (signal.aborted) throw signal.reason;
    const kept = this.#kept;
    // Twenty watches are refused at once: the first asks for new credentials, the others find them here.
    if (kept !== undefined && (refused === undefined || kept.generation > refused)) {
      const { clock, skewMs } = this.#options;
      const ending = kept.expiresAt !== undefined && kept.expiresAt - earlyMs < clock.now() + skewMs();
      if (!ending) return kept;
    }
    return this.#ask(refused, signal);
  }

  /** Asks the source, or joins whoever asks already for the same. */
  #ask(refused: number | undefined, signal: AbortSignal): Promise<Credentials> {
    let asking = this.#asking;
    if (asking === undefined || (asking.refused ?? -1) < (refused ?? -1)) {
      asking = { refused, answer: this.#options.source.get(refused, this.#options.end) };
      const mine = asking;
      this.#asking = mine;
      const done = () => {
        if (this.#asking === mine) this.#asking = undefined;
      };
      mine.answer.then((credentials) => {
        if (this.#kept === undefined || credentials.generation >= this.#kept.generation) this.#kept = credentials;
        done();
      }, done);
    }
    const { answer } = asking;
    return new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
  }
}
