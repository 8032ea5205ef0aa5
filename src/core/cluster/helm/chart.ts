import { parse } from 'yaml';
import { z } from 'zod';
import { KubeSageError } from '../../kernel/errors.ts';
import { type HelmProgram, readChartFiles } from '../../kube/helm/index.ts';
import type { ChartDetail } from './contract.ts';
import { isLoopback } from './repositories.ts';

const mostReadme = 200_000;
const mostText = 2_000_000;

const text = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .transform((value) => (value == null ? '' : String(value)));
const texts = z
  .array(text)
  .nullish()
  .transform((value) => value ?? []);

/** `Chart.yaml`, as far as it is shown. */
const Metadata = z.looseObject({
  name: z.string(),
  version: z.string(),
  appVersion: text,
  description: text,
  type: text,
  kubeVersion: text,
  deprecated: z
    .boolean()
    .nullish()
    .transform((value) => value === true),
  home: text,
  sources: texts,
  keywords: texts,
  maintainers: z
    .array(z.looseObject({ name: text, email: text }))
    .nullish()
    .transform((value) => value ?? []),
  dependencies: z
    .array(z.looseObject({ name: text, version: text, repository: text, condition: text }))
    .nullish()
    .transform((value) => value ?? []),
});

interface Wanted {
  chart: string;
  version?: string | undefined;
}

/** Flags that every command needs which fetches a chart. */
export function fetchFlags({ chart, version }: Wanted): string[] {
  return [...(version ? [`--version=${version}`] : []), ...(isLoopback(chart) ? ['--plain-http'] : [])];
}

/** Reads a chart whole: a folder or archive on this machine, or what helm fetches. Rejects with helm's own words. */
export async function readChart(program: HelmProgram, wanted: Wanted, signal: AbortSignal): Promise<ChartDetail> {
  const files = await readChartFiles(program, wanted.chart, fetchFlags(wanted), signal);
  const at = (name: string, most = mostText) => files.get(name)?.toString('utf8').slice(0, most) ?? '';
  const readme = [...files.keys()].find((name) => /^readme(\.md|\.txt)?$/i.test(name)) ?? '';
  const metadata = Metadata.safeParse(readYaml(at('Chart.yaml')));
  if (!metadata.success) {
    throw new KubeSageError('invalid', `${wanted.chart} is no chart: its Chart.yaml is missing or not understood`);
  }
  const { name, version, appVersion, description, type, kubeVersion, deprecated, home, sources, keywords } =
    metadata.data;
  return {
    name,
    version,
    appVersion,
    // As helm itself writes it in a packed chart.
    description: description.replace(/\s+/g, ' ').trim(),
    type: type || 'application',
    kubeVersion,
    deprecated,
    home: webAddress(home),
    sources: sources.map(webAddress).filter(Boolean),
    keywords,
    maintainers: metadata.data.maintainers.map((each) =>
      [each.name, each.email && `<${each.email}>`].filter(Boolean).join(' '),
    ),
    dependencies: metadata.data.dependencies.map(({ name: part, version: wish, repository, condition }) => ({
      name: part,
      version: wish,
      repository,
      condition,
    })),
    definitions: [...files.keys()].filter((file) => /^crds\/.*\.(ya?ml|json)$/.test(file)).sort(),
    readme: readme === '' ? '' : at(readme, mostReadme),
    values: at('values.yaml'),
    schema: at('values.schema.json'),
  };
}

function readYaml(content: string): unknown {
  try {
    return parse(content);
  } catch {
    return undefined;
  }
}

/** Charts are written by others: an address of them is only shown as a link where it leads to the web. */
function webAddress(address: string): string {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? address : '';
}
