import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../kernel/clock.ts';
import type { Authenticator } from '../../kube/auth/index.ts';
import { createHelmProgram, type HelmProgram } from '../../kube/helm/index.ts';
import type { Kubeconfig } from '../../kube/kubeconfig/index.ts';
import { type OciRegistry, startOciRegistry } from '../../testing/ociRegistry.ts';
import { clusterTool, saySkipped } from '../../testing/realEngine.ts';
import { readChart } from './chart.ts';
import { type Charts, createCharts } from './charts.ts';
import { createRepositories, type Repositories } from './repositories.ts';

/** Charts with the real helm, a repository that wants a password and an OCI registry, both on loopback. */
saySkipped('charts with the real helm');

const run = promisify(execFile);
const password = 'correct-horse-battery';

describe.skipIf(clusterTool === undefined)('charts', () => {
  const { signal } = new AbortController();
  const folder = mkdtempSync(path.join(tmpdir(), 'kubesage-charts-'));
  const served = path.join(folder, 'served');
  let binary = '';
  let env: Record<string, string> = {};
  let server: Server;
  let url = '';
  let oci: OciRegistry;
  let program: HelmProgram;
  let repositories: Repositories;
  let charts: Charts;

  /** Not waited for in the way of this thread: it is also the one that serves. */
  const helm = async (...args: string[]) => (await run(binary, args, { env })).stdout;
  /** Writes a chart and packs it into the repository. */
  const pack = async (name: string, version: string, more = '') => {
    const place = path.join(folder, `${name}-${version}`);
    const files = {
      'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\nappVersion: "7.1"\ndescription: |-\n  Sells things.\n  deprecated: true\nhome: https://shop.example.com\nmaintainers:\n  - name: acorn\n    email: acorn@example.com\n${more}`,
      'values.yaml': '# How many\nreplicas: 1\n',
      'values.schema.json': '{"type":"object","properties":{"replicas":{"type":"integer","minimum":0}}}',
      'README.md': `# ${name}\n\nSells things, version ${version}.\n`,
      'crds/order.yaml': 'kind: CustomResourceDefinition\n',
      'templates/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }} }\n',
    };
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
      writeFileSync(path.join(place, file), text);
    }
    await helm('package', place, '--destination', served);
    return place;
  };
  const index = () => helm('repo', 'index', served);

  beforeAll(async () => {
    const assets = execFileSync(clusterTool as string, ['assets'], { encoding: 'utf8' }).trim();
    binary = path.join(assets, 'helm');
    env = { HOME: folder, PATH: '/usr/bin:/bin', KUBESAGE_HELM: binary };
    mkdirSync(served);
    program = createHelmProgram({
      kubeconfig: { contexts: [] } as unknown as Kubeconfig,
      authenticator: {} as Authenticator,
      clock: systemClock,
      env,
      homeFolder: folder,
      askShell: false,
    });
    repositories = createRepositories(program);
    charts = createCharts(program, repositories);
    const wanted = `Basic ${Buffer.from(`buyer:${password}`).toString('base64')}`;
    server = createServer((request, response) => {
      if (request.headers.authorization !== wanted) return void response.writeHead(401).end();
      try {
        response.end(readFileSync(path.join(served, path.basename(request.url ?? ''))));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    oci = await startOciRegistry({ name: 'buyer', password });
    await pack('shop', '1.0.0');
    await pack('shop', '1.2.0');
    await pack('till', '0.3.0', 'deprecated: true\n');
    await index();
  }, 60_000);
  afterAll(async () => {
    await oci?.close();
    await new Promise((resolve) => server?.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  });

  test('a repository is added to helm’s own list, and its password is seen by nobody', async () => {
    expect(await repositories.list(signal)).toEqual([]);
    expect(await charts.search('', signal)).toEqual({ charts: [], found: 0 });
    const wrong = repositories.add({ name: 'acorn', url, user: 'buyer', password: 'a-wrong-password' }, signal);
    await expect(wrong).rejects.toMatchObject({ message: expect.not.stringContaining('a-wrong-password') });
    const inAddress = url.replace('//', `//buyer:${password}@`);
    await expect(
      repositories.add({ name: 'acorn', url: inAddress, user: '', password: '' }, signal),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.not.stringContaining(password) });
    await repositories.add({ name: 'acorn', url, user: 'buyer', password }, signal);
    // What helm keeps is the user's own, and is used by the user's helm too.
    expect(await helm('repo', 'list')).toContain(url);
    expect(await repositories.list(signal)).toEqual([{ name: 'acorn', url, updatedAt: expect.any(Number) }]);
    await helm('repo', 'add', 'inside', inAddress);
    expect(JSON.stringify(await repositories.list(signal))).not.toContain(password);
    await repositories.remove('inside', signal);
    expect(await repositories.list(signal)).toHaveLength(1);
  }, 60_000);

  test('charts are found by name and description, with all versions, and what is deprecated says so', async () => {
    const { charts: found } = await charts.search('sells acorn', signal);
    expect(found.map(({ name, version, deprecated }) => [name, version, deprecated])).toEqual([
      ['acorn/shop', '1.2.0', false],
      ['acorn/till', '0.3.0', true],
    ]);
    expect(await charts.search('nothing is called so', signal)).toEqual({ charts: [], found: 0 });
    const versions = await charts.versions('acorn/shop', signal);
    expect(versions.map(({ version }) => version)).toEqual(['1.2.0', '1.0.0']);
  }, 60_000);

  test('a new version is found once the repository is read anew', async () => {
    await pack('shop', '2.0.0');
    await index();
    expect((await charts.search('shop', signal)).charts[0]).toMatchObject({ version: '1.2.0' });
    await repositories.update(['acorn'], signal);
    expect((await charts.search('shop', signal)).charts[0]).toMatchObject({ version: '2.0.0' });
    await expect(repositories.update(['unknown'], signal)).rejects.toMatchObject({ code: 'invalid' });
  }, 60_000);

  test('a chart is read from a repository, a registry, an archive and a folder alike', async () => {
    const place = await pack('shop', '3.0.0');
    const archive = path.join(served, 'shop-3.0.0.tgz');
    await index();
    await repositories.update([], signal);
    await repositories.login({ host: oci.host, user: 'buyer', password }, signal);
    await helm('push', archive, `oci://${oci.host}/charts`, '--plain-http');
    expect(oci.tags()).toEqual({ 'charts/shop': ['3.0.0'] });
    const fromFolder = await readChart(program, { chart: place }, signal);
    expect(fromFolder).toMatchObject({
      name: 'shop',
      version: '3.0.0',
      appVersion: '7.1',
      type: 'application',
      maintainers: ['acorn <acorn@example.com>'],
      definitions: ['crds/order.yaml'],
      readme: '# shop\n\nSells things, version 3.0.0.\n',
      values: '# How many\nreplicas: 1\n',
      deprecated: false,
    });
    expect(JSON.parse(fromFolder.schema)).toMatchObject({ properties: { replicas: { type: 'integer' } } });
    for (const chart of [archive, 'acorn/shop', `oci://${oci.host}/charts/shop`]) {
      expect(await readChart(program, { chart }, signal), chart).toEqual(fromFolder);
    }
    expect(await readChart(program, { chart: 'acorn/shop', version: '1.0.0' }, signal)).toMatchObject({
      version: '1.0.0',
    });
    await expect(readChart(program, { chart: 'acorn/nothing' }, signal)).rejects.toMatchObject({ code: 'invalid' });
    await expect(readChart(program, { chart: served }, signal)).rejects.toMatchObject({ code: 'invalid' });
  }, 60_000);
});
