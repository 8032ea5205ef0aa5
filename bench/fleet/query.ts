import { FakeFleet } from '../../src/core/cluster/resources/fakeFleet.ts';
import { createResources } from '../../src/core/cluster/resources/index.ts';
import { compileFilter } from '../../src/core/cluster/resources/query/compile.ts';
import { systemClock } from '../../src/core/kernel/clock.ts';
import { NameOrder } from '../../src/core/kube/columns/nameOrder.ts';
import { createTables, type Tables } from '../../src/core/kube/columns/tables.ts';
import { View, type ViewSpec } from '../../src/core/kube/columns/view.ts';
import { builtInSchema } from '../../src/core/kube/projectors/index.ts';
import { type Figure, median, toFigure } from '../figure.ts';
import { type PlainPod, syntheticPods } from './syntheticPods.ts';

const rows = 100_000;
const runs = 7;

/** One question in both ways, interleaved, after one round that counts for neither. */
async function compare(ours: () => unknown, theirs: () => unknown): Promise<{ ours: number[]; theirs: number[] }> {
  const times = { ours: [] as number[], theirs: [] as number[] };
  for (let run = 0; run <= runs; run++) {
    for (const [side, work] of [['ours', ours] as const, ['theirs', theirs] as const]) {
      const start = performance.now();
      await work();
      if (run > 0) times[side].push(performance.now() - start);
    }
  }
  return times;
}

function figure(id: string, times: { ours: number[]; theirs: number[] }, what: string): Figure {
  const theirs = Math.round(median(times.theirs));
  const against = `${what} over ${rows} objects in the same process: ${theirs} ms`;
  return toFigure(times.ours, { id, unit: 'ms', against, atMost: 50 });
}

const clusterNames = (cluster: number) => `cluster-${cluster}`;

/** A view from nothing to its first window, as when a list is opened or its question is changed. */
function firstWindow(tables: Tables, filter: string, spec: Partial<ViewSpec>): number {
  const table = tables.get('pods');
  if (table === undefined) throw new Error('The table of pods is missing');
  const compiled = compileFilter(filter, table, clusterNames);
  const clusters = new Set(Array.from({ length: 20 }, (_, at) => at));
  const whole = { clusters, namespaces: null, filter: compiled.filter, sort: [], group: null, ...spec };
  const view = new View(table, whole, clusterNames);
  view.update(Date.now());
  const result = view.matched + view.window(0, 100).length + view.groups().groups.length;
  view.dispose();
  return result;
}

export async function run(): Promise<Figure[]> {
  const schema = builtInSchema('pods');
  if (schema === undefined) throw new Error('The schema of pods is missing');
  const { batches, plain } = syntheticPods(schema, rows);
  const tables = createTables();
  tables.table(schema);
  for (const batch of batches) tables.apply({ type: 'rows', batch, scope: '' });
  const table = tables.table(schema);
  const column = (id: string) => table.column(id);
  const figures: Figure[] = [];

  const filter = await compare(
    () => firstWindow(tables, 'ns:shop status:crash,oom restarts>5 !app=shop-api-3 name~^shop', {}),
    () => plain.filter(isWanted).sort(byName),
  );
  figures.push(figure('fleet.query.filter', filter, 'Array.filter and sort by name'));

  const sort = await compare(
    () =>
      firstWindow(tables, '', {
        sort: [
          { by: column('restarts'), descending: true },
          { by: column('node'), descending: false },
        ],
      }),
    () =>
      [...plain].sort((a, b) => b.restarts - a.restarts || (a.node < b.node ? -1 : a.node > b.node ? 1 : byName(a, b))),
  );
  figures.push(figure('fleet.query.sort', sort, 'Array.sort by restarts, node and name'));

  // The order by name that all views start from is made once and then kept up to date: here it is made every time.
  const cold = await compare(
    () => new NameOrder(table).current().count + firstWindow(tables, '', { sort: [] }),
    () => [...plain].sort(byName),
  );
  figures.push(figure('fleet.query.sort.cold', cold, 'Array.sort by name, namespace and cluster'));

  const group = await compare(
    () => firstWindow(tables, '', { group: column('node') }),
    () => {
      const sorted = [...plain].sort(byName);
      return [Map.groupBy(sorted, (pod) => pod.node), sorted];
    },
  );
  figures.push(figure('fleet.query.group', group, 'Map.groupBy node and Array.sort by name'));

  const fleet = new FakeFleet();
  fleet.setClusters(Array.from({ length: 20 }, (_, index) => ({ id: clusterNames(index), index })));
  const resources = createResources({ fleet, tables, clock: systemClock });
  const context = { principal: { id: 'local', name: 'Local' }, signal: new AbortController().signal };
  const search = await compare(
    () => resources.implementation.search({ text: 'shopapi 24', limit: 30 }, context),
    () => plain.filter((pod) => [...'shopapi'].every(inOrder(pod.name)) && [...'24'].every(inOrder(pod.name))),
  );
  resources.dispose();
  figures.push(figure('fleet.query.search', search, 'Array.filter for letters in order, without scores'));

  figures.push(memory(tables, plain));
  return figures;
}

/** What the store itself holds: typed arrays, dictionaries, indexes, with what lies idle in them. */
function memory(tables: Tables, plain: readonly PlainPod[]): Figure {
  const json = Buffer.byteLength(JSON.stringify(plain)) / plain.length;
  const against = `the 12 listed fields alone as JSON text: ${Math.round(json)} bytes`;
  return toFigure([tables.bytes() / rows], { id: 'fleet.memory', unit: 'bytes per pod', against, atMost: 400 });
}

function isWanted(pod: PlainPod): boolean {
  return (
    pod.namespace.includes('shop') &&
    /crash|oom/i.test(pod.status) &&
    pod.restarts > 5 &&
    pod.labels.app !== 'shop-api-3' &&
    /^shop/.test(pod.name)
  );
}

function byName(a: PlainPod, b: PlainPod): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1;
  return a.cluster < b.cluster ? -1 : a.cluster > b.cluster ? 1 : 0;
}

function inOrder(name: string): (letter: string) => boolean {
  let at = -1;
  return (letter) => {
    at = name.indexOf(letter, at + 1);
    return at !== -1;
  };
}
