import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { FakeClock } from '../../kernel/clock.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { createTables } from '../../kube/columns/tables.ts';
import type { ApiRequest, FleetCluster, OpenClusters } from '../fleet/index.ts';
import { createReleases, type Releases } from './releases.ts';
import { readBody } from './sources/body.ts';

const body = (name: string, version: number) => ({
  name,
  version,
  namespace: 'shop',
  info: { status: 'deployed', description: 'Install complete', last_deployed: '2026-01-01T00:00:00Z' },
  chart: { metadata: { name: 'web', version: '1.2.3', appVersion: '7' }, values: { password: 'hush' } },
  manifest: '',
});
const encode = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64');

interface Stored {
  kind: 'secrets' | 'configmaps';
  namespace: string;
  name: string;
  version: number;
  /** What stands in the object; a good body when absent. */
  release?: string;
}

/** An API server with stored releases. */
class Server implements Pick<OpenClusters, 'all' | 'byId' | 'onChange' | 'request'> {
  stored: Stored[] = [];
  forbidden: RegExp | undefined;
  readonly asked: string[] = [];
  readonly onChange = () => ({ dispose: () => undefined });

  all(): readonly FleetCluster[] {
    return [{ id: 'a', index: 0, name: 'production', state: 'live', open: true, kinds: [] } as never];
  }

  byId(id: string) {
    return this.all().find((cluster) => cluster.id === id);
  }

  async request(_: string, { path, headers }: ApiRequest) {
    this.asked.push(path);
    if (this.forbidden?.test(path)) throw new KubeSageError('forbidden', 'secrets is forbidden');
    const answer = path.includes('?') ? this.#list(path, headers?.Accept ?? '') : this.#object(path);
    return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(answer)) };
  }

  #list(path: string, accept: string): unknown {
    expect(accept).toContain('PartialObjectMetadataList');
    const [, namespace, kind] = /\/api\/v1(?:\/namespaces\/([^/]+))?\/(\w+)\?/.exec(path) ?? [];
    const found = this.stored.filter((each) => each.kind === kind && (namespace ?? each.namespace) === each.namespace);
    return {
      items: found.map(({ name, namespace: place, version }) => ({
        metadata: {
          name: `sh.helm.release.v1.${name}.v${version}`,
          namespace: place,
          uid: `${name}-${version}`,
          resourceVersion: '1',
          labels: { owner: 'helm', name, version: String(version), status: 'deployed', modifiedAt: '1767225600' },
        },
      })),
    };
  }

  #object(path: string): unknown {
    const found = this.stored.find(
      ({ kind, namespace, name, version }) =>
        path === `/api/v1/namespaces/${namespace}/${kind}/sh.helm.release.v1.${name}.v${version}`,
    );
    if (found === undefined) throw new KubeSageError('notFound', 'not there');
    const release = found.release ?? encode(body(found.name, found.version));
    return { data: { release: found.kind === 'secrets' ? Buffer.from(release).toString('base64') : release } };
  }
}

describe('releases', () => {
  let all: Releases | undefined;
  afterEach(() => all?.dispose());
  async function follow(server: Server, namespaces: string[] = []) {
    const clock = new FakeClock();
    all = createReleases({ fleet: server as unknown as OpenClusters, tables: createTables(), clock });
    const source = all.follow({ clusters: [], namespaces });
    const settle = async () => {
      // Unpacking is done by threads of the system: it is waited for, not timed.
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    await settle();
    return { source, clock, settle };
  }
  const at = (kind: Stored['kind'], name: string, version: number, more: Partial<Stored> = {}): Stored => ({
    kind,
    name,
    version,
    namespace: 'shop',
    ...more,
  });

  test('are the newest revisions of both storages, with what stands in their bodies', async () => {
    const server = new Server();
    server.stored = [at('secrets', 'web', 1), at('secrets', 'web', 10), at('configmaps', 'old', 2)];
    const { source } = await follow(server);
    await expect.poll(() => source.read().rows.map(({ chart }) => chart)).toEqual(['web', 'web']);
    expect(source.read().rows).toMatchObject([
      { name: 'old', storage: 'configmap', revision: 2, chartVersion: '1.2.3', appVersion: '7' },
      { name: 'web', storage: 'secret', revision: 10, status: 'deployed', updated: Date.UTC(2026, 0, 1) },
    ]);
    expect(JSON.stringify(source.read())).not.toContain('hush');
    source.dispose();
  });

  test('a body is read once, and again when there is a newer one', async () => {
    const server = new Server();
    server.stored = [at('secrets', 'web', 1)];
    const { source, clock } = await follow(server);
    const bodies = () => server.asked.filter((path) => !path.includes('?'));
    await expect.poll(() => source.read().rows[0]?.chart).toBe('web');
    await clock.advance(60_000);
    expect(bodies()).toHaveLength(1);
    server.stored.push(at('secrets', 'web', 2));
    all?.refresh('a');
    await expect.poll(() => source.read().rows[0]).toMatchObject({ revision: 2, chart: 'web' });
    expect(bodies()).toHaveLength(2);
    source.dispose();
    const asked = server.asked.length;
    await clock.advance(120_000);
    expect(server.asked).toHaveLength(asked);
  });

  test('a damaged body takes no other with it, and none of it is told', async () => {
    const server = new Server();
    server.stored = [at('secrets', 'bad', 1, { release: encode('{"hush') }), at('secrets', 'web', 1)];
    const { source } = await follow(server);
    await expect.poll(() => source.read().rows.map(({ chart }) => chart)).toEqual(['', 'web']);
    expect(source.read().rows[0]?.description).toBe('What is stored of this revision cannot be read');
  });

  test('where the cluster may not be listed, the chosen namespaces are, and else the rule is told', async () => {
    const server = new Server();
    server.stored = [at('secrets', 'web', 1)];
    server.forbidden = /v1\/(secrets|configmaps)\?/;
    const { source } = await follow(server);
    expect(source.read().head.sources).toMatchObject([
      { state: 'forbidden', rule: expect.stringContaining('secrets') },
    ]);
    source.dispose();
    const { source: narrow } = await follow(server, ['shop', 'empty']);
    await expect.poll(() => narrow.read().rows.map(({ name }) => name)).toEqual(['web']);
    expect(narrow.read().head.sources).toMatchObject([{ state: 'ready' }]);
  });

  test('an outage keeps the rows and says so', async () => {
    const server = new Server();
    server.stored = [at('secrets', 'web', 1)];
    const { source, clock } = await follow(server);
    await expect.poll(() => source.read().rows).toHaveLength(1);
    server.forbidden = /./;
    await clock.advance(30_000);
    await expect.poll(() => source.read().head.sources).toMatchObject([{ state: 'forbidden' }]);
    expect(source.read().rows).toMatchObject([{ name: 'web' }]);
  });
});

describe('a stored body', () => {
  test('may be unzipped JSON, as very old ones are', async () => {
    const plain = Buffer.from(JSON.stringify(body('web', 1))).toString('base64');
    expect(await readBody(plain)).toMatchObject({ name: 'web', version: 1, hooks: [], config: {} });
  });

  test.each(['', 'not base64!', encode({ name: 'no version' }), encode(null)])('%j is refused', async (text) => {
    await expect(readBody(text)).rejects.toMatchObject({ code: 'invalid' });
  });
});
