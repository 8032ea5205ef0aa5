import type { Implementations } from '../../kernel/contract.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { capturesApi } from './capture/api.ts';
import type { Captures } from './capture/captures.ts';
import type { captures as capturesContract } from './capture/contract.ts';
import type { LogLines, LogQuery, logs } from './contract.ts';
import { LogTail } from './logTail.ts';
import { emptyLines } from './merge.ts';
import type { LogDeps } from './model.ts';

/** Lines of containers as the clusters have them, which are not kept, and the captures, which keep them. */
export function createLogs(deps: LogDeps, captures: Captures): Implementations<typeof logs & typeof capturesContract> {
  return {
    ...capturesApi(captures),
    tail(input, { signal }) {
      check(deps, input);
      const tail = new LogTail(deps, input);
      signal.addEventListener('abort', () => tail.dispose(), { once: true });
      return tail.items;
    },
    async past({ limit, ...input }, { signal }) {
      check(deps, input);
      // More than the limit of one container can't be among the newest of all.
      const tailLines = Math.min(input.tailLines ?? limit, limit);
      const tail = new LogTail(deps, { ...input, tailLines, follow: false });
      signal.addEventListener('abort', () => tail.dispose(), { once: true });
      const lines = emptyLines();
      let last = { sources: [...tail.sources], problems: [...tail.problems] };
      for await (const item of tail.items) {
        if (item.type === 'sources') last = { sources: item.sources, problems: item.problems };
        else append(lines, item.lines);
      }
      signal.throwIfAborted();
      const ordered = sorted(lines);
      const cut = Math.max(0, ordered.at.length - limit);
      return { ...last, lines: from(ordered, cut), cut };
    },
  };
}

function check({ fleet }: LogDeps, { objects, labels }: LogQuery): void {
  if (objects.length === 0 && labels.length === 0) {
    throw new KubeSageError('invalid', 'Neither objects nor labels say whose logs are meant');
  }
  for (const { cluster } of [...objects, ...labels]) {
    if (fleet.byId(cluster) === undefined) {
      throw new KubeSageError('notFound', `There is no cluster ${cluster}`, { hint: 'It may have been removed.' });
    }
  }
}

function append(to: LogLines, lines: LogLines): void {
  for (let index = 0; index < lines.at.length; index++) {
    to.source.push(lines.source[index] as number);
    to.at.push(lines.at[index] as number);
    to.severity.push(lines.severity[index] as number);
    to.text.push(lines.text[index] as string);
  }
}

/** A past that is read for longer than lines wait for one another comes in pieces, each in order. */
function sorted(lines: LogLines): LogLines {
  const order = lines.at.map((_, index) => index);
  order.sort((a, b) => (lines.at[a] as number) - (lines.at[b] as number) || a - b);
  return {
    source: order.map((index) => lines.source[index] as number),
    at: order.map((index) => lines.at[index] as number),
    severity: order.map((index) => lines.severity[index] as number),
    text: order.map((index) => lines.text[index] as string),
  };
}

function from(lines: LogLines, first: number): LogLines {
  return {
    source: lines.source.slice(first),
    at: lines.at.slice(first),
    severity: lines.severity.slice(first),
    text: lines.text.slice(first),
  };
}
