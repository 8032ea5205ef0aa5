import { useEffect, useMemo, useRef, useState } from 'react';
import type { FolderRow } from '../../../../core/cluster/manifests/contract.ts';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { useLive } from '../../../client/index.ts';

/** The run that applies a folder, and how far each of its objects is. */
export function useRun(rows: readonly FolderRow[], onEnd: () => void) {
  const { rows: runs } = useLive((client) => client.changes.runs, {});
  const [followed, setFollowed] = useState<{ key: string; keys: readonly string[] }>();
  const run = followed === undefined ? undefined : runs.find(({ key }) => key === followed.key);
  const latest = useRef(onEnd);
  latest.current = onEnd;
  const ended = run !== undefined && run.endedAt !== null;
  useEffect(() => {
    if (!ended) return;
    setFollowed(undefined);
    latest.current();
  }, [ended]);
  const progress = useMemo(() => {
    if (followed === undefined) return undefined;
    const byObject = new Map(run?.steps.map(({ object, state, message }) => [text(object), { state, message }]));
    const wanted = new Set(followed.keys);
    const found = new Map<string, { state: string; message: string }>();
    for (const { key, object } of rows) {
      const step = wanted.has(key) ? byObject.get(text(object)) : undefined;
      if (step !== undefined) found.set(key, step);
    }
    return found;
  }, [followed, run, rows]);
  return {
    run: followed === undefined ? undefined : { key: followed.key, steps: run?.steps ?? [] },
    progress,
    follow: (key: string, keys: readonly string[]) => setFollowed({ key, keys }),
  };
}

function text({ kind, namespace, name }: ObjectRef): string {
  return `${kind}/${namespace}/${name}`;
}
