import { useEffect, useMemo, useRef, useState } from 'react';
import type { TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { arrange, type Layout } from './layout.ts';
import type { LayoutAnswer, LayoutJob } from './layoutWorker.ts';

/**
 * Where the nodes lie, found in a worker. While it works, the layout before stays; nodes that it does not have are drawn
 * when it answers.
 * @param turn another value lays everything out anew
 */
export function useArranged(rows: readonly TopologyNode[], turn: string): Layout | undefined {
  const [layout, setLayout] = useState<Layout>();
  const worker = useRef<Worker | undefined>(undefined);
  const job = useRef(0);
  const last = useRef<{ layout: Layout | undefined; turn: string }>({ layout: undefined, turn: '' });
  // Names, states and counts move nothing.
  const shape = useMemo(
    () => rows.map(({ key, edges }) => `${key}>${edges.map(({ to }) => to).join()}`).join('\n'),
    [rows],
  );

  useEffect(() => {
    const made = new Worker(new URL('./layoutWorker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    return () => {
      made.terminate();
      worker.current = undefined;
      last.current = { layout: undefined, turn: '' };
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the rows
  useEffect(() => {
    const made = worker.current;
    if (made === undefined || rows.length === 0) return;
    const id = ++job.current;
    const nodes = rows.map(({ key, group, stage, edges }) => ({ key, group, stage, to: edges.map(({ to }) => to) }));
    const anew = last.current.turn !== turn;
    last.current.turn = turn;
    const take = (next: Layout) => {
      last.current.layout = next;
      if (job.current === id) setLayout(next);
    };
    const answered = ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.job === id) take(data.layout);
    };
    // A host that allows no workers still gets its picture.
    const failed = () => take(arrange(nodes, anew ? undefined : last.current.layout));
    made.addEventListener('message', answered);
    made.addEventListener('error', failed);
    const asked: LayoutJob = { job: id, nodes, anew };
    made.postMessage(asked);
    return () => {
      made.removeEventListener('message', answered);
      made.removeEventListener('error', failed);
    };
  }, [shape, turn]);
  return layout;
}
