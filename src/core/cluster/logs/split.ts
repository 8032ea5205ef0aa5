import { LineReader } from './lineReader.ts';
import { type LogDeps, logPath, type PodName } from './model.ts';

/** A log is read in one piece up to this, and a second stream begins at least so far from the end. Lines. */
const leastLines = 25_000;
/** Beyond this it is as good as any. Lines. */
const mostLines = 50_000_000;
/** Of a line, to know its time. Bytes. */
const headBytes = 64;

/**
 * From which line on, counted from the end, a second stream has about half of a container's log: one stream of a kubelet
 * gives less than what the way carries. Undefined for a log that is short, or where that cannot be told.
 */
export async function findSplit(
  { fleet }: LogDeps,
  pod: PodName,
  container: string,
  signal: AbortSignal,
): Promise<number | undefined> {
  const timeOf = async (tailLines: number) => {
    const { body } = await fleet.request(pod.cluster, {
      path: logPath(pod, container, { tailLines: String(tailLines), limitBytes: String(headBytes) }),
      signal,
    });
    let first: number | undefined;
    const reader = new LineReader((at) => {
      first ??= at;
    });
    reader.push(body, 0, body.length);
    reader.end();
    return first;
  };
  const begin = await timeOf(mostLines);
  // It has more than `low` lines and no more than `high`.
  let low = 0;
  let high = leastLines;
  while (high < mostLines && (await timeOf(high)) !== begin) {
    low = high;
    high *= 2;
  }
  if (low === 0) return undefined;
  for (let step = 0; step < 2; step++) {
    const middle = (low + high) / 2;
    if ((await timeOf(middle)) === begin) high = middle;
    else low = middle;
  }
  return Math.floor((low + high) / 4);
}
