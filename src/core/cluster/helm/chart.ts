import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { KubeSageError } from '../../kernel/errors.ts';
import type { HelmProgram } from '../../kube/helm/index.ts';
import type { ChartDetail } from './contract.ts';
import { isLoopback } from './repositories.ts';
import { readArchive } from './sources/archive.ts';

const mostReadme = 200_000;
const mostText = 2_000_000;
const mostPacked = 64 * 1024 * 1024;

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
  const files = await filesOf(program, wanted, signal);
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

async function filesOf(
  program: HelmProgram,
  { chart, version }: Wanted,
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  const local = /^[./~\\]|^[a-z]:\\/i.test(chart) ? await stat(chart).catch(() => undefined) : undefined;
  if (local?.isDirectory()) return readFolder(chart);
  if (local?.isFile()) return unpack(chart);
  const folder = await mkdtemp(path.join(tmpdir(), 'kubesage-chart-'));
  try {
    await program.ask(['pull', `--destination=${folder}`, ...fetchFlags({ chart, version }), '--', chart], signal);
    const [packed] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
    if (packed === undefined)
      throw new KubeSageError('internal', 'Helm fetched the chart to another place than it was told');
    return await unpack(path.join(folder, packed));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function unpack(file: string): Promise<Map<string, Buffer>> {
  if ((await stat(file)).size > mostPacked)
    throw new KubeSageError('tooLarge', 'The packed chart is larger than 64 MB');
  return readArchive(await readFile(file));
}

/** What is shown of a chart that lies unpacked; its templates are not read. */
async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const read = async (name: string) => {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile() && found.size < mostText) files.set(name, await readFile(file));
  };
  await read('Chart.yaml');
  // What is no chart is not looked at any further.
  if (files.size === 0) return files;
  const readme = (await readdir(folder)).find((name) => /^readme(\.md|\.txt)?$/i.test(name));
  for (const name of ['values.yaml', 'values.schema.json', ...(readme === undefined ? [] : [readme])]) await read(name);
  const definitions = await readdir(path.join(folder, 'crds')).catch(() => []);
  for (const name of definitions) files.set(`crds/${name}`, Buffer.alloc(0));
  return files;
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
