import { describe, expect, test } from 'vitest';
import type { Delivery } from './contract.ts';
import { applicationName, environmentOf, promotionsOf } from './promotion.ts';

const delivery = (
  name: string,
  more: Partial<Delivery> & { cluster?: string; to?: string; namespace?: string } = {},
) => {
  const { cluster = 'hub', to = cluster, namespace = 'shop', ...rest } = more;
  return {
    key: `${cluster}/applications/${name}/${to}`,
    object: { cluster, kind: 'applications.argoproj.io', namespace: 'argocd', name },
    clusterName: cluster,
    destination: { server: '', cluster: to, clusterName: to, namespace },
    labels: {},
    sources: [],
    version: '',
    images: [],
    ...rest,
  } as unknown as Delivery;
};

describe('what belongs together', () => {
  test.each([
    ['shop', {}, 'shop'],
    ['shop-staging', {}, 'shop'],
    ['prod-shop', {}, 'shop'],
    ['shop-api-dev', {}, 'shop-api'],
    // The cluster's own words say no more than the cluster does.
    ['eu-shop', { to: 'prod-eu' }, 'shop'],
    // An environment that is an application of its own keeps its name.
    ['staging', {}, 'staging'],
  ])('%s is %s', (name, more, expected) => expect(applicationName(delivery(name, more))).toBe(expected));

  test('is shown where there are several, in the order of promotion', () => {
    const rows = [
      delivery('shop-prod', { version: '1.0' }),
      delivery('shop-dev', { version: '1.2' }),
      delivery('shop-staging', { version: '1.1' }),
      delivery('lonely'),
    ];
    const [first, ...more] = promotionsOf(rows, undefined);
    expect(more).toEqual([]);
    expect(first).toMatchObject({ name: 'shop', versions: 3 });
    expect(first?.places.map(({ environment, version }) => [environment, version])).toEqual([
      ['dev', '1.2'],
      ['staging', '1.1'],
      ['prod', '1.0'],
    ]);
  });

  test('is what a label says, when one is chosen', () => {
    const rows = [
      delivery('a', { labels: { app: 'shop' }, to: 'one' }),
      delivery('b', { labels: { app: 'shop' }, to: 'two' }),
      delivery('c'),
    ];
    expect(promotionsOf(rows, 'app')).toMatchObject([{ name: 'shop', places: [{}, {}] }]);
  });

  test('stands in several clusters under one name', () => {
    const rows = [delivery('shop', { cluster: 'dev-1' }), delivery('shop', { cluster: 'production' })];
    expect(promotionsOf(rows, undefined)[0]?.places.map(({ environment }) => environment)).toEqual([
      'dev',
      'production',
    ]);
  });
});

test('an environment is what is said most deliberately', () => {
  expect(environmentOf(delivery('shop-dev', { labels: { environment: 'qa' } }))).toBe('qa');
  expect(environmentOf(delivery('shop-dev', { namespace: 'prod' }))).toBe('dev');
  const source = { path: 'overlays/staging' } as Delivery['sources'][number];
  expect(environmentOf(delivery('shop', { sources: [source], namespace: 'prod' }))).toBe('staging');
  expect(environmentOf(delivery('shop', { to: 'eu-prod-1' }))).toBe('prod');
  expect(environmentOf(delivery('shop', { to: 'eu-1' }))).toBe('');
});
