import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readApplication } from './argo.ts';
import { readFluxDelivery } from './flux.ts';
import { gitopsKinds, helmRelease, kustomization } from './kinds.ts';
import type { KubeObject } from './model.ts';
import { readPart } from './parts.ts';

interface Published {
  from: string;
  /** What Argo CD's own health check says of it. */
  health?: string;
  object: KubeObject & { kind: string };
}

const published = parse(readFileSync(path.join(import.meta.dirname, 'testing/published.yaml'), 'utf8')) as Published[];
const found = ({ object }: Published) => ({ cluster: 'a', clusterName: 'production', object });
const nobody = () => undefined;

function toneOf(each: Published): string {
  const { kind } = each.object;
  if (kind === 'Kustomization') return readFluxDelivery(found(each), kustomization, nobody, nobody).tone;
  if (kind === 'HelmRelease') return readFluxDelivery(found(each), helmRelease, nobody, nobody).tone;
  const known = gitopsKinds.find(({ id }) => id.startsWith(`${plural(kind)}.`));
  if (known?.family === undefined) throw new Error(`What is a ${kind}?`);
  return readPart(found(each), { ...known, family: known.family, name: kind }).tone;
}

function plural(kind: string): string {
  const word = kind.toLowerCase();
  return word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** In words of Argo CD's checks. Waiting for another object is no failure of the waiting one here. */
const expected: Record<string, string[]> = {
  Healthy: ['healthy'],
  Degraded: ['failed', 'warning'],
  Progressing: ['progressing', 'unknown'],
};

describe("objects out of Argo CD's own tests", () => {
  const judged = published.filter(({ health }) => health !== undefined);
  test.each(judged.map((each) => [each.from.split('/').slice(-3).join('/'), each] as const))('%s', (_, each) => {
    expect(expected[each.health ?? '']).toContain(toneOf(each));
  });

  test('are many', () => expect(judged.length).toBeGreaterThan(25));

  const named = (name: string) => {
    const each = published.find(({ from }) => from.endsWith(name));
    if (each === undefined) throw new Error(`${name} is not there`);
    return found(each);
  };

  test('an application that was synced, and not compared since', () => {
    const row = readApplication(named(' fakeApp'), ({ server }) =>
      server === 'https://localhost:6443' ? { id: 'local', name: 'local' } : undefined,
    );
    expect(row).toMatchObject({
      object: { namespace: 'fake-argocd-ns', name: 'my-app' },
      sync: 'unknown',
      health: 'unknown',
      automatic: true,
      prune: false,
      destination: { server: 'https://localhost:6443', cluster: 'local', namespace: 'fake-dest-ns' },
      sources: [{ type: 'git', path: 'some/path', deployed: '' }],
      operation: {
        phase: 'Succeeded',
        tone: 'healthy',
        revision: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        finishedAt: Date.UTC(2018, 8, 21, 23, 50, 29),
      },
    });
  });

  test('an application out of several sources', () => {
    const { sources, destination } = readApplication(named('fakeMultiSourceApp'), nobody);
    expect(sources.map(({ repo, path: folder }) => [repo.split('/').at(-1), folder])).toEqual([
      ['argocd-example-apps.git', 'some/path'],
      ['argocd-example-apps-fake.git', 'some/other/path'],
      ['argocd-example-apps-fake-ref.git', ''],
    ]);
    expect(destination).toMatchObject({ cluster: null, clusterName: 'https://localhost:6443' });
  });

  test('an application that another one brings, out of a chart', () => {
    const row = readApplication(named('live-child-application.yaml'), nobody);
    expect(row).toMatchObject({
      parent: { kind: 'Application', namespace: 'argocd', name: 'app-of-apps' },
      destination: { server: '', cluster: 'a', namespace: 'argo-workflows' },
      sources: [{ type: 'helm', chart: 'argo-workflows', wanted: '0.45.27' }],
      automatic: true,
      prune: true,
    });
  });
});
