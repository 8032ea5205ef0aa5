import type { Implementations } from '../../kernel/contract.ts';
import type { helm } from './contract.ts';
import type { Helm } from './helm.ts';

export function helmApi(all: Helm): Implementations<typeof helm> {
  return {
    releases: (wanted) => all.follow(wanted),
    program: () => all.program(),
    release: (wanted, { signal }) => all.release(wanted, signal),
    diff: (wanted, { signal }) => all.diff(wanted, signal),
    objects: async (wanted, { signal }) => ({ objects: await all.objects(wanted, signal) }),
    charts: async ({ text }, { signal }) => ({ charts: await all.charts(text, signal) }),
    chartValues: async (wanted, { signal }) => ({ values: await all.chartValues(wanted, signal) }),
    preview: ({ operation }, { signal }) => all.preview(operation, signal),
    run: ({ operation, confirmed }, { principal }) => ({ run: all.run(operation, { principal, confirmed }) }),
  };
}
