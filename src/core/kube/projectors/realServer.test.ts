import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KindSchema } from '../columns/schema.ts';
import { builtInSchemas, createProjector, decodeMessage, messageTypeOf } from './index.ts';
import { cursor, readEnvelope, readLength, readVarint, skipField } from './protobuf.ts';
import { isRecord } from './read.ts';
import { fixtureOf, jsonBytesRow, jsonRow, protobufRow } from './testing.ts';

/**
 * Rows from a real API server's protobuf against rows from its JSON, over every built-in kind. Needs the tool that starts
 * clusters (`cluster up NAME`, `cluster assets`), whose path is in KUBESAGE_KUBE.
 */
const tool = process.env.KUBESAGE_KUBE ?? '';
if (tool === '') process.stderr.write('Skipped: KUBESAGE_KUBE is not set to the tool that starts clusters\n');
const run = promisify(execFile);
const cluster = 'projectors-test';
/** Nothing creates these here: the server makes them up. */
const notCreated = new Set(['componentstatuses']);

const folder = mkdtempSync(join(tmpdir(), 'projectors-'));
let server: { url: string; agent: Agent };
let kubectl: (...args: string[]) => Promise<unknown>;

beforeAll(async () => {
  if (tool === '') return;
  const { stdout: path } = await run(tool, ['up', cluster, '--nodes', '2']);
  const kubeconfig = path.trim();
  const { stdout: assets } = await run(tool, ['assets']);
  kubectl = (...args) => run(join(assets.trim(), 'kubectl'), ['--kubeconfig', kubeconfig, ...args]);
  server = connect(kubeconfig);
  const problems = await createFixtures();
  expect(problems).toEqual([]);
}, 300_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (tool === '') return;
  server.agent.destroy();
  await run(tool, ['down', cluster]);
}, 60_000);

it.skipIf(tool === '').each(builtInSchemas.map((schema) => ({ id: schema.id, schema })))(
  '$id: protobuf and JSON make the same rows',
  async ({ schema }) => {
    const { json, protobuf } = await bothLists(schema);
    const type = messageTypeOf(schema.group, schema.version, schema.kind) ?? '';
    const projector = createProjector(schema);
    let compared = 0;
    for (const bytes of protobuf) {
      const decoded = decodeMessage(type, bytes);
      const object = json.get(keyOf(decoded));
      // Changed between the two lists.
      if (object === undefined) continue;
      const { apiVersion: _apiVersion, kind: _kind, ...message } = object;
      expect(decoded).toEqual(withoutTypes(message));
      const row = jsonRow(projector, object);
      expect(protobufRow(projector, bytes)).toEqual(row);
      expect(jsonBytesRow(projector, object)).toEqual(row);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(0);
  },
  60_000,
);

/** Claim templates name their own type in JSON, which protobuf has no place for. */
function withoutTypes(message: Record<string, unknown>): Record<string, unknown> {
  const { spec } = message;
  if (!isRecord(spec) || !Array.isArray(spec.volumeClaimTemplates)) return message;
  const volumeClaimTemplates = spec.volumeClaimTemplates.map(
    ({ apiVersion: _apiVersion, kind: _kind, ...claim }) => claim,
  );
  return { ...message, spec: { ...spec, volumeClaimTemplates } };
}

/** Namespace, name and version. */
function keyOf(object: Record<string, unknown>): string {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  return `${metadata.namespace ?? ''}/${metadata.name} ${metadata.resourceVersion ?? ''}`;
}

async function bothLists(
  schema: KindSchema,
): Promise<{ json: Map<string, Record<string, unknown>>; protobuf: Uint8Array[] }> {
  const path = `/${schema.group === '' ? 'api' : `apis/${schema.group}`}/${schema.version}/${schema.resource}`;
  const json = new Map<string, Record<string, unknown>>();
  const list = JSON.parse((await fetchBytes(path, 'application/json')).toString()) as {
    items: Record<string, unknown>[];
  };
  for (const item of list.items) json.set(keyOf(item), item);
  const body = await fetchBytes(path, 'application/vnd.kubernetes.protobuf');
  const protobuf: Uint8Array[] = [];
  const { start, end } = readEnvelope(body, 0, body.length);
  for (let at = start; at < end; ) {
    const tag = readVarint(body, at, end);
    at = cursor.at;
    if (tag === 18) {
      const stop = readLength(body, at, end);
      protobuf.push(body.subarray(cursor.at, stop));
      at = stop;
    } else at = skipField(body, at, end, tag);
  }
  return { json, protobuf };
}

function connect(kubeconfig: string): { url: string; agent: Agent } {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const read = (from: Record<string, string>, key: string): Buffer =>
    from[`${key}-data`] === undefined
      ? readFileSync(from[key] ?? '')
      : Buffer.from(from[`${key}-data`] ?? '', 'base64');
  const agent = new Agent({
    keepAlive: true,
    ca: read(clusters[0].cluster, 'certificate-authority'),
    cert: read(users[0].user, 'client-certificate'),
    key: read(users[0].user, 'client-key'),
  });
  return { url: clusters[0].cluster.server, agent };
}

function fetchBytes(path: string, accept: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(server.url + path, { agent: server.agent, headers: { accept } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks);
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${path}: ${response.statusCode} ${body.toString().slice(0, 300)}`));
      });
    }).on('error', reject);
  });
}

/** Creates the fixtures' objects and gives them their status. What cannot be created at last is returned. */
async function createFixtures(): Promise<string[]> {
  for (const name of ['shop', 'limited']) {
    write('objects', `0-${name}`, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const { id } of builtInSchemas) {
    if (notCreated.has(id)) continue;
    const object = structuredClone(fixtureOf(id).object);
    const metadata = object.metadata as Record<string, unknown>;
    for (const key of [
      'uid',
      'resourceVersion',
      'creationTimestamp',
      'deletionTimestamp',
      'generation',
      'ownerReferences',
    ]) {
      delete metadata[key];
    }
    // The server gives addresses and ports itself.
    if (id === 'services' && isRecord(object.spec) && Array.isArray(object.spec.ports)) {
      delete object.spec.clusterIP;
      for (const port of object.spec.ports) delete port.nodePort;
    }
    // These would change what the other objects are.
    if (id === 'limitranges' || id === 'resourcequotas') metadata.namespace = 'limited';
    write('objects', id, object);
    if (object.status !== undefined) write('statuses', id, object);
  }
  // Some need others first: three rounds are enough, and what is there already is no problem.
  let problems: string[] = [];
  for (let round = 0; round < 3; round++) {
    problems = await attempt('create', '--validate=false', '-f', join(folder, 'objects'));
    if (problems.length === 0) break;
  }
  // A status that the server or a controller does not take leaves one that it made itself: as good for the comparison.
  await attempt('replace', '--subresource=status', '--validate=false', '-f', join(folder, 'statuses'));
  return problems;
}

/** Runs kubectl over a folder; it goes on after an error. The errors that matter. */
async function attempt(...args: string[]): Promise<string[]> {
  try {
    await kubectl(...args);
    return [];
  } catch (error) {
    const text = isRecord(error) && typeof error.stderr === 'string' ? error.stderr : String(error);
    return text.split('\n').filter((line) => line.trim() !== '' && !/AlreadyExists|^Warning:/.test(line));
  }
}

/** As JSON: kubectl's YAML takes an unquoted `yes` for true. */
function write(kind: 'objects' | 'statuses', name: string, object: unknown): void {
  mkdirSync(join(folder, kind), { recursive: true });
  writeFileSync(join(folder, kind, `${name}.json`), JSON.stringify(object));
}
