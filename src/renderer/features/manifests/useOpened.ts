import { useCallback, useEffect, useRef, useState } from 'react';
import type { Source } from '../../../core/cluster/manifests/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { KubeSageError } from '../../../core/kernel/errors.ts';
import { toError, useClient, useLive } from '../../client/index.ts';

export interface Opened {
  text: string;
  owner?: { kind: string; name: string } | undefined;
  source?: Source | undefined;
}

/** The object is looked at again this long after its row has changed. ms. */
const settleMs = 400;
/** And as often as this while its tab is shown: not every change is one of its row. ms. */
const againMs = 5000;

/**
 * The object as it was opened, and, while it is another one in the cluster by now, that one. `adopt` makes what is
 * given the opened one. Rows change more often than what can be edited: a status is no other object.
 */
export function useOpened(object: ObjectRef | undefined, visible: boolean) {
  const client = useClient();
  const [opened, setOpened] = useState<Opened>();
  const [newer, setNewer] = useState<Opened>();
  const [deleted, setDeleted] = useState(false);
  const [error, setError] = useState<KubeSageError>();
  const key = object === undefined ? '' : JSON.stringify(object);
  const latest = useRef<Opened>(undefined);

  const adopt = useCallback((next: Opened) => {
    latest.current = next;
    setOpened(next);
    setNewer(undefined);
  }, []);

  /** Reads it again; resolves with what is there, undefined when it cannot be read. */
  const look = useCallback(async (): Promise<Opened | undefined> => {
    if (key === '') return undefined;
    try {
      const now = await client.manifests.open({ object: JSON.parse(key) as ObjectRef });
      setError(undefined);
      setDeleted(false);
      if (latest.current === undefined) adopt(now);
      else setNewer(now.text === latest.current.text ? undefined : now);
      return now;
    } catch (thrown) {
      const failure = toError(thrown);
      if (failure.code === 'notFound' && latest.current !== undefined) setDeleted(true);
      else if (failure.code !== 'cancelled') setError(failure);
      return undefined;
    }
  }, [client, key, adopt]);

  useEffect(() => void look(), [look]);
  const { rows, state } = useLive(
    (c) => c.resources.list,
    object === undefined
      ? null
      : {
          kind: object.kind,
          clusters: [object.cluster],
          ...(object.namespace !== '' && { namespaces: [object.namespace] }),
          filter: `name=${JSON.stringify(object.name)}`,
          limit: 20,
        },
  );
  const row = rows.find((each) => each.name === object?.name && each.namespace === object?.namespace);
  const seen = useRef<unknown>(undefined);
  useEffect(() => {
    if (state !== 'live') return;
    const before = seen.current;
    seen.current = row ?? null;
    if (before === undefined || before === seen.current) return;
    const timer = setTimeout(() => void look(), settleMs);
    return () => clearTimeout(timer);
  }, [row, state, look]);
  useEffect(() => {
    if (!visible) return;
    const timer = setInterval(() => void look(), againMs);
    return () => clearInterval(timer);
  }, [visible, look]);
  return { opened, newer, deleted, error, adopt, look };
}
