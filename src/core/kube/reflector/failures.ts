import { KubeSageError } from '../../kernel/errors.ts';
import { ApiFailure } from '../transport/index.ts';

export function noStreamingList(): ApiFailure {
  return new ApiFailure('unsupported', 'The server knows no streaming list', { status: 405 });
}

/** An API server ends the stream of a reader that is too slow for what happens meanwhile. */
export function endedEarly(): ApiFailure {
  return new ApiFailure('unavailable', 'The list ended before it was complete', {
    status: 503,
    hint: 'It is asked for again.',
  });
}

export function toFailure(error: unknown): KubeSageError {
  if (error instanceof KubeSageError) return error;
  return new KubeSageError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}

export function words(failure: KubeSageError): string {
  return failure.hint === undefined ? failure.message : `${failure.message}. ${failure.hint}`;
}
