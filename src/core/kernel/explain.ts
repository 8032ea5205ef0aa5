import { KubeSageError, toErrorValue } from './errors.ts';

/** What a caller is told of an error: a defect's text stays here, and `log` hears it. */
export function explainError(
  address: string,
  error: unknown,
  log?: (problem: { address: string; error: unknown }) => void,
): KubeSageError {
  if (error instanceof KubeSageError) return error;
  const value = toErrorValue(error);
  if (value.code === 'cancelled') return new KubeSageError('cancelled', value.message);
  log?.({ address, error });
  // A defect's text can quote anything, so the other side gets none of it.
  return new KubeSageError('internal', `${address} failed because of a defect in KubeSage`, {
    hint: 'The log has the details.',
  });
}
