import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applicationOf, compareVersions, imageVersion, mostFrequent, newestFirst, readImage } from './model.ts';

test('an application has the name of its labels, and its own where they tell none', () => {
  const labels = 'app.kubernetes.io/instance=cart-cache\napp.kubernetes.io/name=redis\napp.kubernetes.io/part-of=shop';
  expect(applicationOf(labels, 'name', 'x')).toBe('redis');
  expect(applicationOf(labels, 'partOf', 'x')).toBe('shop');
  expect(applicationOf(labels, 'instance', 'x')).toBe('cart-cache');
  expect(applicationOf('app=web', 'partOf', 'x')).toBe('web');
  expect(applicationOf('k8s-app=kube-dns', 'name', 'coredns')).toBe('kube-dns');
  expect(applicationOf('app=', 'name', 'x')).toBe('x');
});

test.each([
  ['web', 'web', ''],
  ['registry.k8s.io/coredns/coredns:v1.11.1', 'coredns', 'v1.11.1'],
  ['localhost:5000/shop/web', 'web', ''],
  ['localhost:5000/shop/web:1.2@sha256:0123', 'web', '1.2'],
  ['shop/web@sha256:0123', 'web', ''],
])('image %s', (image, name, tag) => {
  expect(readImage(image)).toEqual({ name, tag });
});

test('the version of an image is that of the application and not of what stands beside it', () => {
  const images = ['docker.io/istio/proxyv2:1.29.1', 'registry.acorn.example/shop/storefront:8.14.2'];
  expect(imageVersion(images, 'storefront')).toBe('8.14.2');
  expect(imageVersion(images, 'shop-storefront')).toBe('8.14.2');
  expect(imageVersion(images, 'other')).toBe('1.29.1');
  expect(imageVersion(['web:latest'], 'web')).toBe('');
  expect(imageVersion([], 'web')).toBe('');
});

describe('versions', () => {
  test.each([
    ['1.2.3', '1.10.0'],
    ['v1.2.3', '1.2.4'],
    ['1.2.0-rc.1', '1.2.0'],
    ['1.2.0-rc.2', '1.2.0-rc.10'],
    ['7', '7.0.1'],
    ['1.2.3', '1.2.3-r1'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  test('a commit has no order', () => {
    expect(compareVersions('3f2a9bc', '1.2.3')).toBeNull();
    expect(compareVersions('main', 'main')).toBe(0);
    expect(newestFirst(['main', '1.2', '1.10', '3f2a9bc', '1.2'])).toEqual(['1.10', '1.2', '3f2a9bc', 'main']);
  });

  test('the order is one: turned round it is the opposite, and sorting is stable in what comes first', () => {
    const part = fc.integer({ min: 0, max: 30 });
    const version = fc
      .tuple(part, part, part, fc.constantFrom('', '-rc.1', '-beta', '-r2', '+build'))
      .map(([a, b, c, end]) => `${a}.${b}.${c}${end}`);
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b) as number)).toBe(-Math.sign(compareVersions(b, a) as number) || 0);
        const [first, second, third] = newestFirst([a, b, c]);
        for (const [one, other] of [
          [first, second],
          [second, third],
        ]) {
          if (one !== undefined && other !== undefined) expect(compareVersions(one, other)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

test('the most frequent text, and of equals the first by name', () => {
  expect(mostFrequent(['b', '', 'a', 'b'])).toBe('b');
  expect(mostFrequent(['b', 'a'])).toBe('a');
  expect(mostFrequent(['', ''])).toBe('');
});
