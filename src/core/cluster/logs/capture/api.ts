import type { Implementations } from '../../../kernel/contract.ts';
import { CaptureList, type Captures } from './captures.ts';
import type { captures as contract } from './contract.ts';
import { countLines, linesAround, searchLines } from './search.ts';

export function capturesApi(captures: Captures): Implementations<typeof contract> {
  return {
    captures: () => new CaptureList(captures),
    startCapture: async ({ name, limits, past, ...query }) => ({
      capture: String(await captures.start({ name, limits, past, query })),
    }),
    async stopCapture({ capture }) {
      await captures.stop(capture);
      return {};
    },
    async removeCapture({ capture }) {
      await captures.remove(capture);
      return {};
    },
    search: async (query) => searchLines(await captures.read(), captures.sources, query),
    count: async (query) => countLines(await captures.read(), captures.sources, query),
    around: async (place) => linesAround(await captures.read(), captures.sources, place),
  };
}
