import { MalformedMessage } from '../projectors/protobuf.ts';
import { codeOfStatus } from '../transport/failures.ts';
import { ApiFailure } from '../transport/index.ts';

/** What a list or a watch consists of, whatever its encoding. Ranges are valid during the call only. */
export interface EventSink {
  /** An object as it is now (`op` 0) or as it was last (`op` 1, deleted). */
  object(op: 0 | 1, bytes: Uint8Array, start: number, end: number): void;
  /** The server has sent everything up to this version. */
  bookmark(resourceVersion: string, initialEventsEnd: boolean): void;
  /** The server reports an error inside a stream that had begun well. */
  error(failure: ApiFailure): void;
}

/** Annotation of the bookmark that ends the initial events of a streaming list (KEP-3157). */
export const initialEventsEnd = 'k8s.io/initial-events-end';

/** The failure that a Status inside a stream stands for. */
export function failureOfEvent(status: {
  message: string;
  reason: string;
  code: number;
  retryAfterSeconds: number | undefined;
}): ApiFailure {
  const expired = status.reason === 'Expired' || status.reason === 'Gone';
  const code = status.code > 0 ? status.code : expired ? 410 : 500;
  return new ApiFailure(expired ? 'gone' : codeOfStatus(code), status.message || `The watch ended with ${code}`, {
    status: code,
    reason: status.reason,
    isStatus: true,
    retryAfterMs: status.retryAfterSeconds === undefined ? undefined : status.retryAfterSeconds * 1000,
  });
}

export function unknownEvent(type: string): MalformedMessage {
  return new MalformedMessage(`An event is of the unknown type ${JSON.stringify(type.slice(0, 40))}`);
}
