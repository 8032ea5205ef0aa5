import { parse, stringify } from 'yaml';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import { differences } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ReleaseDetail, ReleaseDiff, ReleaseName, Revision } from './contract.ts';
import { hideChanges, hideValues, scrub } from './hidden.ts';
import { diffManifests, hideManifest, mergeValues } from './model.ts';
import { releaseRow, summaryOf } from './releases.ts';
import type { ReleaseBody } from './sources/body.ts';
import { fetchBody, revisionsOf, type StoredRevision } from './sources/storage.ts';

const bodiesAtOnce = 4;

/** One release as it may be shown. */
export async function readRelease(
  fleet: OpenClusters,
  wanted: ReleaseName & { revision?: number | undefined; reveal: boolean },
  signal: AbortSignal,
): Promise<ReleaseDetail> {
  const revisions = await revisionsOf(fleet, wanted, signal);
  const stored = findRevision(revisions, wanted.revision ?? revisions[0].revision);
  const body = await fetchBody(fleet, stored, signal);
  const computed = computedValues(body);
  const own = hideValues(body.config);
  const all = hideValues(computed);
  const texts = [...own.texts, ...all.texts];
  const shown = wanted.reveal ? { manifest: body.manifest, hidden: [] } : hideManifest(body.manifest, texts);
  return {
    release: releaseRow(stored, fleet.byId(wanted.cluster)?.name ?? wanted.cluster, summaryOf(body)),
    history: await readHistory(fleet, revisions, { stored, body }, signal),
    notes: wanted.reveal ? body.info.notes : scrub(body.info.notes, texts),
    values: yamlOf(wanted.reveal ? body.config : own.values),
    computed: yamlOf(wanted.reveal ? computed : all.values),
    defaults: yamlOf(wanted.reveal ? body.chart.values : hideValues(body.chart.values).values),
    manifest: shown.manifest.trimStart(),
    hooks: body.hooks.map(({ name, kind, events, weight, last_run }) => ({
      name,
      kind,
      events: events ?? [],
      weight: weight ?? 0,
      phase: last_run?.phase ?? '',
    })),
    hidden: wanted.reveal ? [] : [...all.paths, ...shown.hidden],
    chartKept: isWhole(body),
    schema: body.chart.schema === '' ? '' : Buffer.from(body.chart.schema, 'base64').toString('utf8'),
  };
}

/** What differs from one revision to another. */
export async function diffRevisions(
  fleet: OpenClusters,
  wanted: ReleaseName & { from: number; to: number; reveal: boolean },
  signal: AbortSignal,
): Promise<ReleaseDiff> {
  const revisions = await revisionsOf(fleet, wanted, signal);
  const [before, after] = await Promise.all(
    [wanted.from, wanted.to].map((revision) => fetchBody(fleet, findRevision(revisions, revision), signal)),
  );
  return diffBodies(before, after, wanted.reveal);
}

/** From one revision to another; what is absent is nothing. */
export function diffBodies(before: DiffSide | undefined, after: DiffSide | undefined, reveal: boolean): ReleaseDiff {
  const texts = [before, after].flatMap((body) => (body === undefined ? [] : hiddenTexts(body)));
  const values = differences(before?.config ?? {}, after?.config ?? {});
  return {
    values: reveal ? values : hideChanges(values),
    manifest: diffManifests(before?.manifest ?? '', after?.manifest ?? '', { reveal, texts }),
  };
}

type DiffSide = Pick<ReleaseBody, 'config' | 'manifest' | 'chart'>;

/** The texts of all values that look secret. */
export function hiddenTexts(body: Pick<ReleaseBody, 'config' | 'chart'>): string[] {
  return [...hideValues(body.config).texts, ...hideValues(body.chart.values).texts];
}

/** The chart's defaults with the own values over them. Those of subcharts are not stored with a release. */
function computedValues({ config, chart }: Pick<ReleaseBody, 'config' | 'chart'>): unknown {
  return mergeValues(config, chart.values);
}

/** Subcharts are not stored with a release: a chart that has some is not whole. */
export function isWhole({ chart }: Pick<ReleaseBody, 'chart'>): boolean {
  return (chart.metadata.dependencies ?? []).length === 0;
}

/** Reads YAML as values. Rejects with `invalid`. */
export function readValues(text: string): Record<string, unknown> {
  let values: unknown;
  try {
    values = parse(text) ?? {};
  } catch (error) {
    throw new KubeSageError('invalid', 'The values are no YAML', { hint: toErrorValue(error).message.split('\n')[0] });
  }
  if (typeof values === 'object' && !Array.isArray(values)) return values as Record<string, unknown>;
  throw new KubeSageError('invalid', 'The values are to be keys with values', { hint: 'Write `key: value` lines.' });
}

/** @throws KubeSageError `notFound` */
export function findRevision(revisions: readonly StoredRevision[], revision: number): StoredRevision {
  const stored = revisions.find((each) => each.revision === revision);
  if (stored !== undefined) return stored;
  throw new KubeSageError('notFound', `Revision ${revision} is not stored any more`, {
    hint: 'Helm keeps the newest ten, unless it is told otherwise.',
  });
}

async function readHistory(
  fleet: OpenClusters,
  revisions: readonly StoredRevision[],
  known: { stored: StoredRevision; body: ReleaseBody },
  signal: AbortSignal,
): Promise<Revision[]> {
  const found: Revision[] = [];
  const waiting = [...revisions];
  const worker = async () => {
    for (let stored = waiting.shift(); stored !== undefined; stored = waiting.shift()) {
      const { revision, status, updated } = stored;
      const base = { revision, status, chart: '', chartVersion: '', appVersion: '', description: '', updated };
      try {
        const body = stored === known.stored ? known.body : await fetchBody(fleet, stored, signal);
        const summary = summaryOf(body);
        found.push({
          ...base,
          chart: summary.chart ?? '',
          chartVersion: summary.chartVersion ?? '',
          appVersion: summary.appVersion ?? '',
          description: summary.description ?? '',
          updated: summary.updated ?? updated,
        });
      } catch (error) {
        signal.throwIfAborted();
        found.push({ ...base, problem: toErrorValue(error).message });
      }
    }
  };
  await Promise.all(Array.from({ length: bodiesAtOnce }, worker));
  return found.sort((a, b) => b.revision - a.revision);
}

function yamlOf(values: unknown): string {
  const text = stringify(values);
  return text === '{}\n' ? '' : text;
}
