import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { CallOptions, LiveObserver } from '../../core/kernel/client.ts';
import type { Disposable } from '../../core/kernel/disposable.ts';
import { KubeSageError, toErrorValue } from '../../core/kernel/errors.ts';
import { type KubeSageClient, useClient, useLink } from './connection.ts';
import { type LiveSnapshot, sharedLive } from './sharedLive.ts';

export interface QueryResult<R> {
  data: R | undefined;
  error: KubeSageError | undefined;
  /** A call is under way. With `data` present, that is an earlier answer. */
  loading: boolean;
  /** `data` answers an earlier input. */
  previous: boolean;
  reload(): void;
}

export interface LiveResult<H, R> {
  state: 'waiting' | 'live' | 'error';
  head: H | undefined;
  rows: readonly R[];
  error: KubeSageError | undefined;
  /** What is shown answers an earlier input, or the engine is not connected. */
  stale: boolean;
  retry(): void;
}

export interface CommandState {
  pending: boolean;
  error: KubeSageError | undefined;
  clear(): void;
}

const noRows: readonly never[] = [];

export function toError(error: unknown): KubeSageError {
  return error instanceof KubeSageError ? error : KubeSageError.fromValue(toErrorValue(error));
}

/**
 * Asks once for each input, and again on `reload` and when the engine comes back. Inputs are compared as JSON; null
 * asks nothing. `select` must pick the same procedure at every render.
 */
export function useQuery<I, R>(
  select: (client: KubeSageClient) => (input: I, options?: CallOptions) => Promise<R>,
  input: I | null,
): QueryResult<R> {
  const client = useClient();
  const open = useLink().state === 'connected';
  const key = input === null ? null : JSON.stringify(input);
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<{ key: string; data?: R; error?: KubeSageError } | undefined>();
  const [loading, setLoading] = useState(key !== null);
  const procedure = select(client);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again; the input is compared by its key.
  useEffect(() => {
    if (key === null || input === null || !open) {
      setLoading(key !== null);
      return;
    }
    const abort = new AbortController();
    setLoading(true);
    procedure(input, { signal: abort.signal }).then(
      (data) => {
        if (abort.signal.aborted) return;
        setAnswer({ key, data });
        setLoading(false);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setAnswer({ key, error: toError(error) });
        setLoading(false);
      },
    );
    return () => abort.abort();
  }, [procedure, key, turn, open]);

  const reload = useCallback(() => setTurn((value) => value + 1), []);
  return {
    data: answer?.data,
    error: answer?.key === key ? answer?.error : undefined,
    loading,
    previous: answer !== undefined && answer.key !== key,
    reload,
  };
}

const subscribeNothing = () => () => {};
const nothing: LiveSnapshot<never, never> = { data: undefined, error: undefined };
const readNothing = () => nothing;

/**
 * Follows a live procedure. Readers of the same procedure and input share one stream; while the input changes, the
 * rows before stay, marked stale. null follows nothing. `select` must pick the same procedure at every render.
 */
export function useLive<I, H, R extends { key: string }>(
  select: (client: KubeSageClient) => (input: I, observer: LiveObserver<H, R>) => Disposable,
  input: I | null,
): LiveResult<H, R> {
  const procedure = select(useClient());
  const open = useLink().state === 'connected';
  const key = input === null ? null : JSON.stringify(input);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the input is compared by its key.
  const shared = useMemo(() => (input === null ? undefined : sharedLive(procedure, input)), [procedure, key]);
  const snapshot: LiveSnapshot<H, R> = useSyncExternalStore(
    shared?.subscribe ?? subscribeNothing,
    shared?.read ?? readNothing,
  );
  const last = useRef<LiveSnapshot<H, R>['data']>(undefined);
  if (snapshot.data !== undefined) last.current = snapshot.data;
  const data = snapshot.data ?? last.current;
  return {
    state: snapshot.error !== undefined ? 'error' : snapshot.data === undefined ? 'waiting' : 'live',
    head: data?.head,
    rows: data?.rows ?? noRows,
    error: snapshot.error,
    stale: data !== undefined && (snapshot.data === undefined || !open || snapshot.error !== undefined),
    retry: shared?.retry ?? ignore,
  };
}

function ignore(): void {}

/** A command with its progress. The returned function rejects with KubeSageError; the error is also in the state. */
export function useCommand<I, R>(
  select: (client: KubeSageClient) => (input: I, options?: CallOptions) => Promise<R>,
): [(input: I) => Promise<R>, CommandState] {
  const procedure = select(useClient());
  const [pending, setPending] = useState(0);
  const [error, setError] = useState<KubeSageError>();
  const run = useCallback(
    async (input: I) => {
      setPending((count) => count + 1);
      setError(undefined);
      try {
        return await procedure(input);
      } catch (thrown) {
        const failure = toError(thrown);
        setError(failure);
        throw failure;
      } finally {
        setPending((count) => count - 1);
      }
    },
    [procedure],
  );
  const clear = useCallback(() => setError(undefined), []);
  return [run, { pending: pending > 0, error, clear }];
}
