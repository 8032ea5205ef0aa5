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
    charts: ({ text }, { signal }) => all.charts.search(text, signal),
    chartVersions: async ({ chart }, { signal }) => ({ versions: await all.charts.versions(chart, signal) }),
    chart: (wanted, { signal }) => all.chart(wanted, signal),
    repositories: async (_, { signal }) => ({ repositories: await all.repositories.list(signal) }),
    addRepository: async (wanted, { signal }) => done(all.repositories.add(wanted, signal)),
    removeRepository: async ({ name }, { signal }) => done(all.repositories.remove(name, signal)),
    updateRepositories: async ({ names }, { signal }) => done(all.repositories.update(names, signal)),
    loginRegistry: async (wanted, { signal }) => done(all.repositories.login(wanted, signal)),
    rights: async (place, { signal }) => ({ lacks: await all.rights(place, signal) }),
    preview: ({ operation }, { signal }) => all.preview(operation, signal),
    run: ({ operation, confirmed }, { principal }) => ({ run: all.run(operation, { principal, confirmed }) }),
  };
}

async function done(work: Promise<void>): Promise<Record<string, never>> {
  await work;
  return {};
}
