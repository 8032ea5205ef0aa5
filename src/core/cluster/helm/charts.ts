import { z } from 'zod';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { HelmProgram } from '../../kube/helm/index.ts';
import { readDeprecated } from '../../kube/helm/index.ts';
import type { Chart } from './contract.ts';
import type { Repositories } from './repositories.ts';

const mostCharts = 500;
const mostVersions = 1000;

/** What helm's search writes. */
const Found = z.array(
  z.looseObject({
    name: z.string(),
    version: z.string(),
    app_version: z.string().default(''),
    description: z.string().default(''),
  }),
);

/** What helm knows of the charts of its repositories. Asks no network. */
export interface Charts {
  /** All of whose names or descriptions have every word of the text, those that are called so first; at most 500. */
  search(text: string, signal: AbortSignal): Promise<{ charts: Chart[]; found: number }>;
  /** Newest first. */
  versions(chart: string, signal: AbortSignal): Promise<Chart[]>;
}

export function createCharts(program: HelmProgram, repositories: Pick<Repositories, 'indexes'>): Charts {
  /** Helm reads every index for every search, which takes seconds with the large ones: asked once while they are the same. */
  let known: { stamp: string; charts: Promise<Chart[]> } | undefined;
  const deprecated = new Map<string, { stamp: string; versions: Promise<Set<string>> }>();

  const isDeprecated = async (signal: AbortSignal): Promise<(name: string, version: string) => boolean> => {
    const sets = new Map<string, Set<string>>();
    for (const { name, path, updatedAt } of await repositories.indexes(signal)) {
      if (updatedAt === null) continue;
      const stamp = `${path} ${updatedAt}`;
      let read = deprecated.get(name);
      if (read?.stamp !== stamp) {
        read = { stamp, versions: readDeprecated(path) };
        deprecated.set(name, read);
        read.versions.catch(() => deprecated.delete(name));
      }
      sets.set(name, await read.versions);
    }
    return (name, version) => {
      const [repository = '', chart = ''] = name.split('/');
      return sets.get(repository)?.has(`${chart}@${version}`) === true;
    };
  };

  const ask = async (args: readonly string[], signal: AbortSignal): Promise<Chart[]> => {
    let output: string;
    try {
      output = await program.ask(['search', 'repo', '--output=json', ...args], signal);
    } catch (error) {
      if (/no repositories/i.test(toErrorValue(error).message)) return [];
      throw error;
    }
    const found = Found.safeParse(JSON.parse(output));
    if (!found.success)
      throw new KubeSageError('internal', "Helm's search answers with something that is not understood");
    const old = await isDeprecated(signal);
    return found.data.map(({ name, version, app_version: appVersion, description }) => ({
      name,
      version,
      appVersion,
      description,
      deprecated: old(name, version),
    }));
  };

  const all = async (signal: AbortSignal): Promise<Chart[]> => {
    const indexes = await repositories.indexes(signal);
    const stamp = indexes.map(({ path, updatedAt }) => `${path} ${updatedAt}`).join('\n');
    if (known?.stamp !== stamp) {
      // Others may wait for it, too: whoever asked first does not end it for them.
      const asked = { stamp, charts: ask([], AbortSignal.timeout(60_000)) };
      known = asked;
      asked.charts.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    return known.charts;
  };

  return {
    async search(text, signal) {
      const words = text.toLowerCase().split(/\s+/).filter(Boolean);
      const charts = await all(signal);
      const found = charts.filter(({ name, description }) => {
        const shown = `${name} ${description}`.toLowerCase();
        return words.every((word) => shown.includes(word));
      });
      const rank = ({ name, deprecated: old }: Chart) => {
        const own = name.slice(name.indexOf('/') + 1).toLowerCase();
        const at = words.length === 0 || own === words[0] ? 0 : words.every((word) => own.includes(word)) ? 1 : 2;
        return at + (old ? 3 : 0);
      };
      found.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
      return { charts: found.slice(0, mostCharts), found: found.length };
    },
    async versions(chart, signal) {
      const found = await ask(['--versions', '--', chart], signal);
      return found.filter(({ name }) => name === chart).slice(0, mostVersions);
    },
  };
}
