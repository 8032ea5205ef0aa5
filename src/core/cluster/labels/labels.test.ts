import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SampleRow, sampleBatches, sampleUid } from '../../kube/columns/rowBatches.ts';
import { encodeLabels } from '../../kube/columns/schema.ts';
import { createTables } from '../../kube/columns/tables.ts';
import { builtInSchema } from '../../kube/projectors/index.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import { FakeFleet } from '../resources/fakeFleet.ts';
import { LabelRule } from './contract.ts';
import { findViolations, violationOf } from './find.ts';
import { compileRule, sourceOfLabels } from './model.ts';

const rule = (part: Partial<LabelRule>): LabelRule =>
  LabelRule.parse({ key: 'r', title: 'R', kinds: ['pods'], label: 'team', ...part });

describe('a rule', () => {
  const test1 = (part: Partial<LabelRule>, labels: Record<string, string>) =>
    ['', 'good', 'missing', 'value'][compileRule(rule(part)).test(encodeLabels(labels))];
  test.each([
    [{}, { team: 'a' }, 'good'],
    [{}, { other: 'a' }, 'missing'],
    [{}, { team: '' }, 'good'],
    [{ values: ['a', 'b'] }, { team: 'c' }, 'value'],
    [{ values: ['a', 'b'] }, { team: 'A' }, 'value'],
    [{ pattern: 'team-[a-z]+' }, { team: 'team-web' }, 'good'],
    [{ pattern: 'team-[a-z]+' }, { team: 'xteam-web' }, 'value'],
    [{ pattern: 'team-[a-z]+' }, { team: 'Team-web' }, 'value'],
    [{ pattern: 'a|b' }, { team: 'ab' }, 'value'],
  ] as const)('%j finds %j %s', (part, labels, wanted) => {
    expect(test1(part as Partial<LabelRule>, labels)).toBe(wanted);
  });

  test('an expression that would run away is refused, and says so', () => {
    expect(compileRule(rule({ pattern: '(a+)+' })).problem).not.toBe('');
  });

  test('namespaces by name, by what is left out, and by their labels', () => {
    const covers = (part: Partial<LabelRule>, name: string, labels = '') =>
      compileRule(rule(part)).coversNamespace(name, labels);
    expect(covers({ namespaces: ['team-*', 'shop'] }, 'team-web')).toBe(true);
    expect(covers({ namespaces: ['team-*', 'shop'] }, 'shops')).toBe(false);
    expect(covers({ notNamespaces: ['kube-*'] }, 'kube-system')).toBe(false);
    expect(covers({ namespaceSelector: 'env in (prod)' }, 'x', 'env=prod')).toBe(true);
    expect(covers({ namespaceSelector: 'env in (prod)' }, 'x', 'env=dev')).toBe(false);
  });

  test('a glob is what an expression says of it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(
        text,
        text.map((each) => each.replaceAll('*', '')),
        (glob, name) => {
          if (glob === '') return;
          const wanted = new RegExp(`^${glob.replaceAll('*', '.*')}$`).test(name);
          expect(compileRule(rule({ namespaces: [glob] })).coversNamespace(name, '')).toBe(wanted);
        },
      ),
    );
  });
});

test('who puts an object there is told by its labels', () => {
  expect(sourceOfLabels('kustomize.toolkit.fluxcd.io/name=apps')).toBe('flux');
  expect(sourceOfLabels('argocd.argoproj.io/instance=web')).toBe('argocd');
  expect(sourceOfLabels('app.kubernetes.io/managed-by=Helm')).toBe('helm');
  expect(sourceOfLabels('app.kubernetes.io/managed-by=me')).toBeNull();
});

function world() {
  const tables = createTables();
  const fleet = new FakeFleet();
  fleet.setClusters([
    { id: 'eu', index: 0, name: 'prod-eu' },
    { id: 'us', index: 1, name: 'prod-us' },
  ]);
  let version = 1;
  const apply = (cluster: number, kind: string, rows: Omit<SampleRow, 'version'>[]) => {
    const schema = builtInSchema(kind) ?? expect.fail(kind);
    tables.table(schema, cluster);
    const make = sampleBatches(schema);
    const batch = make(
      cluster,
      rows.map((row) => ({ ...row, version: String(version++) })),
    );
    tables.apply({ type: 'rows', batch, scope: '' });
  };
  const find = (rules: LabelRule[], part: Partial<Parameters<typeof findViolations>[2]> = {}) => {
    const clusters: readonly FleetCluster[] = fleet.all();
    const found = findViolations(tables, rules.map(compileRule), {
      clusters,
      namespaces: undefined,
      text: '',
      ...part,
    });
    const names = found.hits.map((hit) => {
      const cluster = clusters.find(({ index }) => index === hit.table.clusters[hit.row]) ?? expect.fail();
      const { problem, object, clusterName } = violationOf(hit, cluster);
      return `${clusterName} ${object.kind} ${object.namespace}/${object.name} ${problem}`;
    });
    return { ...found, names };
  };
  return { apply, find, tables, fleet };
}

test('violations are found over clusters and kinds, and objects that a controller made are passed over', () => {
  const { apply, find } = world();
  apply(0, 'namespaces', [
    { uid: sampleUid(1), name: 'shop', labels: { env: 'prod' } },
    { uid: sampleUid(2), name: 'play', labels: { env: 'dev', team: 'x' } },
  ]);
  apply(0, 'deployments.apps', [
    { uid: sampleUid(3), name: 'web', namespace: 'shop' },
    { uid: sampleUid(4), name: 'api', namespace: 'shop', labels: { team: 'odd' } },
    { uid: sampleUid(5), name: 'toy', namespace: 'play' },
  ]);
  apply(1, 'deployments.apps', [{ uid: sampleUid(6), name: 'web', namespace: 'shop', labels: { team: 'a' } }]);
  apply(0, 'pods', [
    { uid: sampleUid(7), name: 'web-1', namespace: 'shop', owner: 'ReplicaSet/web', ownerUid: sampleUid(9) },
  ]);
  const one = rule({
    kinds: ['namespaces', 'deployments.apps', 'pods'],
    namespaceSelector: 'env=prod',
    values: ['a', 'b'],
  });
  const found = find([one]);
  expect(found.names).toEqual([
    'prod-eu namespaces /shop missing',
    'prod-eu deployments.apps shop/api value',
    'prod-eu deployments.apps shop/web missing',
  ]);
  expect(found).toMatchObject({ tested: 3, total: 3, rules: [{ key: 'r', tested: 3, broken: 3, problem: '' }] });
  expect(find([{ ...one, owned: true }]).names).toContain('prod-eu pods shop/web-1 missing');
  expect(find([one], { kind: 'namespaces' }).names).toEqual(['prod-eu namespaces /shop missing']);
  expect(find([one], { text: 'API' }).names).toEqual(['prod-eu deployments.apps shop/api value']);
  expect(find([one], { namespaces: new Set(['play']) }).names).toEqual([]);
  // What narrows what is shown does not change what is counted.
  expect(find([one], { kind: 'pods' }).total).toBe(3);
  expect(find([{ ...one, clusters: ['prod-us'] }]).tested).toBe(0);
});

test('a set of labels is tested once, however many objects have it', () => {
  const { apply, tables, fleet } = world();
  apply(
    0,
    'pods',
    Array.from({ length: 5000 }, (_, at) => ({
      uid: sampleUid(at + 1),
      name: `p${at}`,
      namespace: `n${at % 7}`,
      labels: { app: `a${at % 20}`, ...(at % 20 < 5 && { team: 't' }) },
    })),
  );
  let asked = 0;
  const compiled = compileRule(rule({}));
  const counting = {
    ...compiled,
    test(labels: string) {
      asked++;
      return compiled.test(labels);
    },
  };
  const found = findViolations(tables, [counting], { clusters: fleet.all(), namespaces: undefined, text: '' });
  expect(found).toMatchObject({ tested: 5000, total: 3750 });
  expect(asked).toBe(20);
});
