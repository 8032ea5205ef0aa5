import { arrange, type Layout, type LayoutNode } from './layout.ts';

export interface LayoutJob {
  job: number;
  nodes: readonly LayoutNode[];
  /** Lay all out anew. */
  anew: boolean;
}

export interface LayoutAnswer {
  job: number;
  layout: Layout;
}

let last: Layout | undefined;

/** Places are found beside the window's thread; the one before is kept here, so that what stays where it was is not sent. */
self.addEventListener('message', ({ data }: MessageEvent<LayoutJob>) => {
  last = arrange(data.nodes, data.anew ? undefined : last);
  const answer: LayoutAnswer = { job: data.job, layout: last };
  self.postMessage(answer);
});
