/** Every error code, once, with its HTTP status and the exit code of the command line. */
export const errorCodes = {
  invalid: { http: 400, exit: 2 },
  unauthenticated: { http: 401, exit: 3 },
  forbidden: { http: 403, exit: 4 },
  notFound: { http: 404, exit: 5 },
  conflict: { http: 409, exit: 6 },
  gone: { http: 410, exit: 7 },
  tooLarge: { http: 413, exit: 8 },
  tooMany: { http: 429, exit: 9 },
  cancelled: { http: 499, exit: 130 },
  internal: { http: 500, exit: 70 },
  needsConfirmation: { http: 428, exit: 10 },
  unsupported: { http: 501, exit: 71 },
  unreachable: { http: 502, exit: 69 },
  unavailable: { http: 503, exit: 75 },
  timeout: { http: 504, exit: 74 },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An error as it crosses a boundary: what went wrong, what to do about it, and what it was caused by. */
export interface ErrorValue {
  code: ErrorCode;
  /** What went wrong, one sentence, without secrets. */
  message: string;
  /** What the reader can do about it. */
  hint?: string | undefined;
  cause?: ErrorValue | undefined;
}

/** The one error class that the product throws on purpose. */
export class KubeSageError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'KubeSageError';
    this.code = code;
    this.hint = options.hint;
  }

  toValue(): ErrorValue {
    return toErrorValue(this);
  }

  static fromValue(value: ErrorValue): KubeSageError {
    const cause = value.cause === undefined ? undefined : KubeSageError.fromValue(value.cause);
    return new KubeSageError(value.code, value.message, { hint: value.hint, cause });
  }
}

/** Turns anything thrown into a value. What is not a KubeSageError is a defect and becomes `internal`. */
export function toErrorValue(error: unknown): ErrorValue {
  if (error instanceof KubeSageError) {
    const value: ErrorValue = { code: error.code, message: error.message };
    if (error.hint !== undefined) value.hint = error.hint;
    if (error.cause !== undefined) value.cause = toErrorValue(error.cause);
    return value;
  }
  if (error instanceof DOMException && error.name === 'AbortError') return { code: 'cancelled', message: 'Cancelled' };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}
