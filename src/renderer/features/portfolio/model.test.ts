import { expect, test } from 'vitest';
import type { Application, Placement } from '../../../core/cluster/portfolio/contract.ts';
import {
  applicationPath,
  applicationsCsv,
  cellsOf,
  columnsOf,
  findApplications,
  groupApplications,
  oneOf,
} from './model.ts';

const placement = (part: Partial<Placement>): Placement => ({
  key: `${part.cluster}/${part.namespace}/${part.instance ?? ''}`,
  cluster: 'a',
  clusterName: 'prod-a',
  namespace: 'shop',
  instance: '',
  versions: ['1.0'],
  versionFrom: 'label',
  behind: false,
  chart: '',
  images: [],
  tone: 'healthy',
  status: '',
  ready: 1,
  wanted: 1,
  workloads: 1,
  owner: '',
  delivered: [],
  ...part,
});

const application = (key: string, part: Partial<Application> = {}): Application => ({
  key,
  partOf: '',
  owner: '',
  tone: 'healthy',
  versions: [{ version: '1.0', count: 1 }],
  placements: [placement({})],
  ready: 1,
  wanted: 1,
  workloads: 1,
  tools: [],
  ...part,
});

const keys = (rows: readonly Application[]) => rows.map(({ key }) => key);
const all = { text: '', order: 'health', differing: false } as const;

test('the worst come first, and all words have to be found in what is shown', () => {
  const rows = [
    application('b', { owner: 'web' }),
    application('a'),
    application('c', { tone: 'failed', placements: [placement({ clusterName: 'edge' })] }),
  ];
  expect(keys(findApplications(rows, all))).toEqual(['c', 'a', 'b']);
  expect(keys(findApplications(rows, { ...all, text: 'EDGE failed' }))).toEqual(['c']);
  expect(keys(findApplications(rows, { ...all, text: 'web edge' }))).toEqual([]);
  expect(keys(findApplications(rows, { ...all, order: 'name' }))).toEqual(['a', 'b', 'c']);
});

test('those that differ alone', () => {
  const two = {
    versions: [
      { version: '2', count: 1 },
      { version: '1', count: 1 },
    ],
  };
  expect(keys(findApplications([application('a'), application('b', two)], { ...all, differing: true }))).toEqual(['b']);
});

test('groups by name, those without one last', () => {
  const rows = [application('a'), application('b', { owner: 'web' }), application('c', { owner: 'data' })];
  expect(groupApplications(rows, 'owner').map(({ name, rows: own }) => [name, keys(own)])).toEqual([
    ['data', ['c']],
    ['web', ['b']],
    ['', ['a']],
  ]);
  expect(groupApplications(rows, 'none')).toEqual([{ name: '', rows }]);
  expect(groupApplications([], 'none')).toEqual([]);
});

test('columns are clusters, or namespaces of clusters', () => {
  const rows = [
    application('a', {
      placements: [placement({ cluster: 'b', clusterName: 'prod-b' }), placement({ namespace: 'cart' }), placement({})],
    }),
  ];
  expect(columnsOf(rows, 'cluster').map(({ clusterName }) => clusterName)).toEqual(['prod-a', 'prod-b']);
  expect(columnsOf(rows, 'namespace').map(({ clusterName, namespace }) => `${clusterName}/${namespace}`)).toEqual([
    'prod-a/cart',
    'prod-a/shop',
    'prod-b/shop',
  ]);
});

test('equal versions in a cell are told once, with the worst health', () => {
  const cells = cellsOf([
    placement({ namespace: 'p1', behind: true, versions: ['0.9'] }),
    placement({ namespace: 'p2', behind: true, versions: ['0.9'], tone: 'failed' }),
    placement({ namespace: 'p3' }),
  ]);
  expect(cells.map(({ version, count, tone }) => [version, count, tone])).toEqual([
    ['1.0', 1, 'healthy'],
    ['0.9', 2, 'failed'],
  ]);
});

test('CSV has a line a placement, and runs nothing in a spreadsheet', () => {
  const csv = applicationsCsv([application('=cmd', { placements: [placement({ status: 'a,"b"' })] })]);
  const [, line] = csv.split('\r\n');
  expect(line).toBe(`'=cmd,,,prod-a,shop,,1.0,,healthy,"a,""b""",1,1,,,`);
});

test('addresses', () => {
  expect(applicationPath('a/b', 'name')).toBe('/applications/a%2Fb');
  expect(applicationPath('a', 'partOf')).toBe('/applications/a?by=partOf');
  expect(oneOf(['x', 'y'], 'y')).toBe('y');
  expect(oneOf(['x', 'y'], 'z')).toBe('x');
});
