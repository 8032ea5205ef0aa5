import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KubeSageError } from '../../kernel/errors.ts';
import type { HelmProgram } from '../../kube/helm/index.ts';
import { readDeprecated } from '../../kube/helm/index.ts';
import { createCharts } from './charts.ts';

const { signal } = new AbortController();
const program = (ask: HelmProgram['ask']) => ({ ask }) as HelmProgram;
const noIndexes = { indexes: async () => [] };
const line = (name: string, description = '') => ({ name, version: '1.2.3', app_version: '7', description });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kubesage-index-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a search for charts', () => {
  test('asks helm once while the indexes are the same, and has those first that are called so', async () => {
    const file = path.join(folder, 'shop-index.yaml');
    writeFileSync(file, '');
    let updatedAt = 1;
    let asked = 0;
    const charts = createCharts(
      program(async () => {
        asked++;
        return JSON.stringify([line('shop/other', 'Has a web page'), line('shop/webserver'), line('shop/web')]);
      }),
      { indexes: async () => [{ name: 'shop', path: file, updatedAt }] },
    );
    const names = async (text: string) => (await charts.search(text, signal)).charts.map(({ name }) => name);
    expect(await names('WEB')).toEqual(['shop/web', 'shop/webserver', 'shop/other']);
    expect(await names('page shop')).toEqual(['shop/other']);
    expect(asked).toBe(1);
    updatedAt = 2;
    await names('');
    expect(asked).toBe(2);
  });

  test('finds nothing where helm knows no repository, and tells other failures', async () => {
    const failing = (message: string) =>
      createCharts(
        program(() => Promise.reject(new KubeSageError('invalid', message))),
        noIndexes,
      );
    expect(await failing('no repositories configured').search('', signal)).toEqual({ charts: [], found: 0 });
    await expect(failing('index is damaged').search('', signal)).rejects.toMatchObject({ code: 'invalid' });
    const odd = createCharts(
      program(async () => '{}'),
      noIndexes,
    );
    await expect(odd.search('', signal)).rejects.toMatchObject({ code: 'internal' });
  });

  test('gives helm no option', async () => {
    const asked: (readonly string[])[] = [];
    const charts = createCharts(
      program(async (args) => {
        asked.push(args);
        return '[]';
      }),
      noIndexes,
    );
    await charts.versions('--post-renderer=x', signal);
    expect(asked[0]?.slice(-2)).toEqual(['--', '--post-renderer=x']);
  });
});

describe('an index', () => {
  const read = (text: string) => {
    const file = path.join(folder, 'index.yaml');
    writeFileSync(file, text);
    utimesSync(file, 1, 1);
    return readDeprecated(file);
  };

  test('says what is deprecated, whatever stands in descriptions and lists', async () => {
    const found = await read(`apiVersion: v1
entries:
  till:
  - apiVersion: v2
    annotations:
      changes: |-
        deprecated: true
    deprecated: true
    description: >-
      deprecated: true
    maintainers:
    - name: acorn
      version: 9
    name: till
    version: "0.3.0"
  - apiVersion: v2
    name: till
    version: 0.4.0
  shop:
  - dependencies:
    - deprecated: true
      name: other
      version: 1.0.0
    name: shop
    version: 1.0.0
generated: "2026-01-01T00:00:00Z"
`);
    expect([...found]).toEqual(['till@0.3.0']);
  });

  test('may be written as JSON, or be empty', async () => {
    const entries = {
      shop: [
        { name: 'shop', version: '1.0.0', deprecated: true },
        { name: 'shop', version: '2.0.0' },
      ],
    };
    expect([...(await read(JSON.stringify({ apiVersion: 'v1', entries })))]).toEqual(['shop@1.0.0']);
    expect([...(await read(''))]).toEqual([]);
  });
});
