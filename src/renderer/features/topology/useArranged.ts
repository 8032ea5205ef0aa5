import { useEffect, useMemo, useRef, useState } from 'react';
import type { TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { arrange, type Layout } from './layout.ts';
import type { LayoutAnswer, LayoutJob } from './layoutWorker.ts';

/**
 * Where the nodes lie, found in a worker. While it works, the layout before stays; nodes that it does not have are drawn
 * when it answers.
 * @param turn another value lays everything out anew
 * @param settled until then every picture is laid out anew: lists are still on their way
 */
export function useArranged(rows: readonly TopologyNode[], turn: string, settled: boolean): Layout | undefined {
  const [layout, setLayout] = useState<Layout>();
  const worker = useRef<Worker | undefined>(undefined);
  const job = useRef(0);
  const last = useRef<{ layout: Layout | undefined; turn: string; settled: boolean }>(nothing);
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
      last.current = nothing;
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the rows
  useEffect(() => {
    const made = worker.current;
    if (made === undefined || rows.length === 0) return;
    const id = ++job.current;
    const nodes = rows.map(({ key, group, stage, edges }) => ({ key, group, stage, to: edges.map(({ to }) => to) }));
    const before = last.current;
    const anew = before.turn !== turn || !before.settled;
    last.current = { layout: before.layout, turn, settled };
    const take = (next: Layout) => {
      last.current = { ...last.current, layout: next };
      if (job.current === id) setLayout(next);
    };
    const answered = ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.job === id) take(data.layout);
    };
    // A host that allows no workers still gets its picture.
    const failed = () => take(arrange(nodes, anew ? undefined : before.layout));
    made.addEventListener('message', answered);
    made.addEventListener('error', failed);
    const asked: LayoutJob = { job: id, nodes, anew };
    made.postMessage(asked);
    return () => {
      made.removeEventListener('message', answered);
      made.removeEventListener('error', failed);
    };
  }, [shape, turn, settled]);
  return layout;
}

const nothing = { layout: undefined, turn: '', settled: false };
