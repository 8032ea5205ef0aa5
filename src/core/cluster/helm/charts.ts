import { z } from 'zod';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { HelmProgram } from '../../kube/helm/index.ts';

const mostCharts = 500;

/** What helm's search writes. */
const Found = z.array(
  z.looseObject({
    name: z.string(),
    version: z.string(),
    app_version: z.string().default(''),
    description: z.string().default(''),
  }),
);

export interface Chart {
  /** `repository/chart`. */
  name: string;
  version: string;
  appVersion: string;
  description: string;
}

/** Charts of the repositories that helm knows; none where it knows none. Asks no network. */
export async function searchCharts(program: HelmProgram, text: string, signal: AbortSignal): Promise<Chart[]> {
  let output: string;
  try {
    output = await program.ask(['search', 'repo', '--output=json', '--', text], signal);
  } catch (error) {
    if (/no repositories/i.test(toErrorValue(error).message)) return [];
    throw error;
  }
  const found = Found.safeParse(JSON.parse(output));
  if (!found.success)
    throw new KubeSageError('internal', "Helm's search answers with something that is not understood");
  return found.data
    .slice(0, mostCharts)
    .map(({ name, version, app_version, description }) => ({ name, version, appVersion: app_version, description }));
}

/** The default values of a chart, with its comments. Rejects with helm's own words. */
export function readChartValues(
  program: HelmProgram,
  { chart, version }: { chart: string; version?: string | undefined },
  signal: AbortSignal,
): Promise<string> {
  return program.ask(['show', 'values', ...(version ? [`--version=${version}`] : []), '--', chart], signal);
}
