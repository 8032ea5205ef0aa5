import { errorCodes, type KubeSageError } from './errors.ts';

export interface RestAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** The whole body, or its parts: the next one is made when it is asked for. */
  body: string | AsyncIterable<string>;
}

export const restRoot = '/api/v1';

/** An error as an answer: the status of its code, the error as the body. */
export function answerError(error: KubeSageError): RestAnswer {
  return {
    status: errorCodes[error.code].http,
    headers: jsonHeaders,
    body: JSON.stringify(error.toValue()),
  };
}

export function answerJson(value: unknown): RestAnswer {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(value ?? null) };
}

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
