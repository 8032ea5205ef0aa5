import { KubeSageError } from '../../kernel/errors.ts';
import { MalformedMessage } from '../projectors/protobuf.ts';
import { ApiFailure } from '../transport/index.ts';
import type { FetchMode } from './abilities.ts';

/** A streaming list turned out to come over a slow link: a compressed list is a tenth of it. */
export class SlowLink extends KubeSageError {
  constructor() {
    super('unavailable', 'The link is slow: the list is asked for in its compressed form');
    this.name = 'SlowLink';
  }
}

/** Where a reflector was when something went wrong. */
export interface Situation {
  phase: 'listing' | 'watching';
  mode: FetchMode;
  /** The failure came as an ERROR inside a stream, not as the answer to the request. */
  inStream: boolean;
  /** The failure came while a further page of a list was asked for. */
  paging: boolean;
  /** Failures of this kind in a row, this one included. */
  inRow: number;
}

/** What a reflector does next. */
export interface Decision {
  /** `keep`: go on from the last version. `any`: list anew, the server's cache will do. `quorum`: list what is newest. */
  version: 'keep' | 'any' | 'quorum';
  /** Milliseconds to wait; `backoff` for the growing pause, at least `atLeastMs`. */
  wait: 'none' | 'backoff' | 'long';
  atLeastMs: number;
  state: 'stale' | 'forbidden' | 'absent';
  /** An ability that the server turned out not to have. */
  lacks: 'streaming' | 'protobuf' | undefined;
  /** Lists are asked for whole from now on: pages expire faster than they are read. */
  unpaged: boolean;
  /** Counted: what arrived could not be read. */
  torn: boolean;
}

const usual: Decision = {
  version: 'keep',
  wait: 'backoff',
  atLeastMs: 0,
  state: 'stale',
  lacks: undefined,
  unpaged: false,
  torn: false,
};

/** docs/spec/reflector.md, R20 to R33, as one function without effects. */
export function decide(failure: KubeSageError, situation: Situation): Decision {
  const { phase, mode, inStream, paging, inRow } = situation;
  if (failure instanceof SlowLink) return { ...usual, wait: 'none' };
  if (failure instanceof MalformedMessage) {
    // What was lost is unknown, so everything is fetched again; twice the same way means that the way is wrong.
    const lacks = inRow >= 2 ? (mode.encoding === 'protobuf' ? 'protobuf' : 'streaming') : undefined;
    return { ...usual, version: 'quorum', torn: true, lacks };
  }
  if (!(failure instanceof ApiFailure)) {
    if (failure.code === 'unauthenticated' || failure.code === 'forbidden') return { ...usual, atLeastMs: 15_000 };
    return usual;
  }
  const { status } = failure;
  if (failure.code === 'gone') {
    return { ...usual, version: 'quorum', wait: inRow >= 2 ? 'backoff' : 'none', unpaged: paging };
  }
  if (status === 429) return { ...usual, atLeastMs: failure.retryAfterMs ?? 1_000 };
  if (status === 401) return { ...usual, atLeastMs: 15_000 };
  if (status === 403 && !(mode.streaming && phase === 'listing' && failure.message.includes('sendInitialEvents'))) {
    return { ...usual, version: 'any', wait: 'long', state: 'forbidden' };
  }
  if (status === 404) return { ...usual, version: 'any', wait: 'long', state: 'absent' };
  if ((status === 406 || status === 415) && mode.encoding === 'protobuf') {
    return { ...usual, wait: 'none', lacks: 'protobuf' };
  }
  if (mode.streaming && phase === 'listing') {
    // Refused outright (feature gate off), or 200 and then ERROR (an API server on an old etcd).
    const refused = status === 400 || status === 403 || status === 405 || status === 422;
    const broken = status >= 500 && (inStream || inRow >= 3);
    if (refused || broken)
      return { ...usual, version: 'any', wait: inRow >= 3 ? 'backoff' : 'none', lacks: 'streaming' };
  }
  // A version that the server cannot make sense of.
  if (phase === 'watching' && status === 400) return { ...usual, version: 'quorum' };
  if (phase === 'watching' && inStream && inRow >= 3) return { ...usual, version: 'quorum' };
  return { ...usual, atLeastMs: failure.retryAfterMs ?? 0 };
}
