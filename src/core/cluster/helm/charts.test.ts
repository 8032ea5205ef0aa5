import { describe, expect, test } from 'vitest';
import { KubeSageError } from '../../kernel/errors.ts';
import type { HelmProgram } from '../../kube/helm/index.ts';
import { searchCharts } from './charts.ts';

const { signal } = new AbortController();
const program = (ask: HelmProgram['ask']) => ({ ask }) as HelmProgram;

describe('a search for charts', () => {
  test('reads what helm writes, and gives it no option', async () => {
    const asked: (readonly string[])[] = [];
    const found = await searchCharts(
      program(async (args) => {
        asked.push(args);
        return JSON.stringify([{ name: 'shop/web', version: '1.2.3', app_version: '7', description: 'A shop' }]);
      }),
      '--post-renderer=x',
      signal,
    );
    expect(found).toEqual([{ name: 'shop/web', version: '1.2.3', appVersion: '7', description: 'A shop' }]);
    expect(asked[0]?.slice(-2)).toEqual(['--', '--post-renderer=x']);
  });

  test('finds nothing where helm knows no repository, and tells other failures', async () => {
    const fails = (message: string) => program(() => Promise.reject(new KubeSageError('invalid', message)));
    expect(await searchCharts(fails('no repositories configured'), '', signal)).toEqual([]);
    await expect(searchCharts(fails('index is damaged'), '', signal)).rejects.toMatchObject({ code: 'invalid' });
    await expect(
      searchCharts(
        program(async () => '{}'),
        '',
        signal,
      ),
    ).rejects.toMatchObject({ code: 'internal' });
  });
});
