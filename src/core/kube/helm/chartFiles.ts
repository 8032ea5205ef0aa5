import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { KubeSageError } from '../../kernel/errors.ts';
import { readArchive } from './archive.ts';
import type { HelmProgram } from './helmProgram.ts';

const mostText = 2_000_000;
const mostPacked = 64 * 1024 * 1024;

/**
 * The files of a chart that lies on this machine, as a folder or an archive, or that helm fetches, by their path in the
 * chart. Rejects with helm's own words, with `invalid` for what is no archive and `tooLarge` above 64 MB.
 * @param flags what helm needs to fetch it: version, plain HTTP
 */
export async function readChartFiles(
  program: HelmProgram,
  chart: string,
  flags: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Buffer>> {
  const local = /^[./~\\]|^[a-z]:\\/i.test(chart) ? await stat(chart).catch(() => undefined) : undefined;
  if (local?.isDirectory()) return readFolder(chart);
  if (local?.isFile()) return unpack(chart);
  const folder = await mkdtemp(path.join(tmpdir(), 'kubesage-chart-'));
  try {
    await program.ask(['pull', `--destination=${folder}`, ...flags, '--', chart], signal);
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
