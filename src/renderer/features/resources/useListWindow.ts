import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ListHead, ListQuery, Row } from '../../../core/cluster/resources/contract.ts';
import type { Disposable } from '../../../core/kernel/disposable.ts';
import type { KubeSageError } from '../../../core/kernel/errors.ts';
import { useClient } from '../../client/index.ts';
import type { GridWindow, RowRange } from '../../ui/table/model.ts';

export interface ListWindow {
  /** Identifies the query that is answered. */
  key: string;
  /** Identifies the rows and their order: the query without its columns. */
  list: string;
  head: ListHead;
  window: GridWindow<Row>;
}

export interface ListWindowResult {
  shown: ListWindow | undefined;
  /** What is shown answers an earlier query. */
  previous: boolean;
  error: KubeSageError | undefined;
  onWindow(range: RowRange): void;
  retry(): void;
}

const firstRange: RowRange = { offset: 0, limit: 150 };

/**
 * The part of a list that is visible, live. Unlike `useLive` the stream of the window before ends as soon as the next
 * one has answered, however fast someone scrolls, and answers know which query they belong to.
 */
export function useListWindow(query: ListQuery | null): ListWindowResult {
  const client = useClient();
  const key = query === null ? '' : JSON.stringify(query);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the query is compared by its text.
  const list = useMemo(() => listIdentity(query), [key]);
  const [asked, setAsked] = useState({ list, range: firstRange });
  const range = asked.list === list ? asked.range : firstRange;
  const [shown, setShown] = useState<ListWindow>();
  const [failure, setFailure] = useState<{ key: string; error: KubeSageError }>();
  const [turn, setTurn] = useState(0);
  const before = useRef<Disposable>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the query is compared by its text; `turn` asks again.
  useEffect(() => {
    if (query === null) return;
    let ended = false;
    let answered = false;
    const stream = client.resources.list(
      { ...query, ...range },
      {
        change: (state) => {
          if (ended) return;
          if (!answered) before.current?.dispose();
          answered = true;
          setFailure(undefined);
          setShown({ key, list, head: state.head, window: { offset: state.head.offset, rows: state.rows } });
        },
        error: (error) => {
          if (!ended) setFailure({ key, error });
        },
      },
    );
    return () => {
      ended = true;
      before.current?.dispose();
      before.current = stream;
    };
  }, [client, key, range.offset, range.limit, turn]);

  // The last stream ends with the screen.
  useEffect(() => () => before.current?.dispose(), []);

  const shownList = shown?.list;
  const onWindow = useCallback(
    (next: RowRange) => {
      if (shownList === list || shownList === undefined) setAsked({ list, range: next });
    },
    [list, shownList],
  );
  const retry = useCallback(() => setTurn((value) => value + 1), []);
  return {
    shown: query === null ? undefined : shown,
    previous: shown !== undefined && shown.key !== key,
    error: failure?.key === key ? failure.error : undefined,
    onWindow,
    retry,
  };
}

function listIdentity(query: ListQuery | null): string {
  if (query === null) return '';
  const { columns: _columns, userColumns: _userColumns, ...rest } = query;
  return JSON.stringify(rest);
}
