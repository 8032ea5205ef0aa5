import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { type Access, readAccess } from '../fleet/access.ts';
import { fill } from '../fleet/fill.ts';
import { podManifest, podPeriod } from '../fleet/pods.ts';
import { clusterDown, clusterUp } from './kube.ts';

/** How a question is recognised when it is asked again; all else of a request plays no part. */
export interface Question {
  path: string;
  /** What kind of answer: its encoding and form. */
  form: 'json' | 'table' | 'metadata' | 'protobuf' | 'protobufWatch' | 'jsonWatch' | 'discovery';
  gzip: boolean;
  /** Of a page: the whole list is 0. */
  limit: number;
  /** Which page of that size, from 0. */
  page: number;
}

export interface Answer extends Question {
  /** The body as it was on the wire, chunk by chunk for a watch, in one piece for all else. */
  file: string;
  bytes: number;
  status: number;
  contentType: string;
}

export interface Recording {
  /** Where it lies; `index.json` lists the answers. */
  folder: string;
  pods: number;
  resourceVersion: string;
  answers: readonly Answer[];
  /** Which page a token of a page before it stands for. */
  pageOf: Readonly<Record<string, number>>;
}

export const accepts: Readonly<Record<Question['form'], string>> = {
  json: 'application/json',
  table:
    'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json',
  metadata: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  protobuf: 'application/vnd.kubernetes.protobuf',
  protobufWatch: 'application/vnd.kubernetes.protobuf;stream=watch',
  jsonWatch: 'application/json',
  discovery: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
};

const recordedPods = [5_000, 10_000] as const;
export type RecordedPods = (typeof recordedPods)[number];

/** Of what lies in the folder; another number makes new recordings. */
const format = 2;
const nodes = 100;
const clusterName = 'bench-record';
const pageSize = 500;

/**
 * The answers of a real API server with that many pods, from an earlier run where nothing that shapes them changed
 * since. Else a cluster is started, filled and asked, which takes some minutes. @throws when KUBESAGE_KUBE is not set
 */
export async function recordingOf(pods: RecordedPods): Promise<Recording> {
  const folder = folderOf(pods);
  if (!existsSync(path.join(folder, 'index.json'))) await recordAll();
  return readRecording(folder);
}

export function readRecording(folder: string): Recording {
  return { ...(JSON.parse(readFileSync(path.join(folder, 'index.json'), 'utf8')) as Recording), folder };
}

/** Its name changes with the pods. */
function folderOf(pods: RecordedPods): string {
  const hash = createHash('sha256').update(`format ${format}`);
  for (const index of [0, podPeriod - 1, pods - 1]) hash.update(JSON.stringify(podManifest(index, nodes)));
  return path.join(tmpdir(), `kubesage-recording-${hash.digest('hex').slice(0, 12)}-${pods}`);
}

/** All sizes of one cluster: what takes the time is to start it and to make pods. */
async function recordAll(): Promise<void> {
  const kubeconfig = clusterUp(clusterName, nodes);
  try {
    const access = readAccess(kubeconfig);
    for (const pods of recordedPods) {
      await fill(kubeconfig, pods, nodes);
      await record(access, pods, folderOf(pods));
    }
  } finally {
    clusterDown(clusterName);
  }
}

/** Asks everything that a client of this bench may ask, and keeps the bytes. */
export async function record(access: Access, pods: number, folder: string): Promise<void> {
  const building = `${folder}.${process.pid}`;
  mkdirSync(building, { recursive: true });
  const answers: Answer[] = [];
  const keep = async (question: Question, query: string, until?: string) => {
    const { status, contentType, body } = await ask(access, question, query, until);
    const file = `${answers.length}.bin`;
    answers.push({ ...question, file, bytes: body.length, status, contentType });
    writeFileSync(path.join(building, file), body);
    return body;
  };
  const plain = (at: string, form: Question['form'] = 'json'): Question => ({
    path: at,
    form,
    gzip: false,
    limit: 0,
    page: 0,
  });
  try {
    for (const at of ['/version', '/livez', '/readyz', '/healthz', '/api/v1/namespaces/kube-system']) {
      await keep(plain(at), '');
    }
    const documents: Buffer[] = [];
    for (const at of ['/api', '/apis']) documents.push(await keep(plain(at, 'discovery'), ''));
    let resourceVersion = '';
    const collections = documents.flatMap(collectionsOf);
    const keepCollection = async ({ at, protobuf }: (typeof collections)[number]) => {
      const list = await keep(plain(at), '');
      const { metadata } = JSON.parse(list.toString()) as { metadata: { resourceVersion: string } };
      if (at === '/api/v1/pods') resourceVersion = metadata.resourceVersion;
      await keep(plain(at, 'metadata'), 'limit=1');
      if (!protobuf) return;
      await keep(plain(at, 'protobuf'), '');
      await keep(
        plain(at, 'protobufWatch'),
        'watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=0',
        'k8s.io/initial-events-end',
      );
    };
    // A watch is known to be complete when nothing more comes for a moment: sixteen of those moments at once.
    const worker = async () => {
      for (let next = collections.shift(); next !== undefined; next = collections.shift()) await keepCollection(next);
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    const list = plain('/api/v1/pods');
    await keep({ ...list, gzip: true }, '');
    await keep({ ...list, form: 'protobuf', gzip: true }, '');
    const pageOf: Record<string, number> = {};
    for (const form of ['table', 'json'] as const) {
      for (const gzip of [false, true]) await keepPages({ ...list, form, gzip }, keep, pageOf);
    }
    const recording: Omit<Recording, 'folder'> = { pods, resourceVersion, answers, pageOf };
    writeFileSync(path.join(building, 'index.json'), JSON.stringify(recording));
    rmSync(folder, { recursive: true, force: true });
    renameSync(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** A list as kubectl reads it: in pages of 500. */
async function keepPages(
  question: Question,
  keep: (question: Question, query: string) => Promise<Buffer>,
  pageOf: Record<string, number>,
): Promise<void> {
  let token: string | undefined;
  for (let page = 0; page === 0 || token !== undefined; page++) {
    const query = `limit=${pageSize}${token === undefined ? '' : `&continue=${encodeURIComponent(token)}`}`;
    const body = await keep({ ...question, limit: pageSize, page }, query);
    const text = (question.gzip ? gunzipSync(body) : body).toString();
    token = (JSON.parse(text) as { metadata: { continue?: string } }).metadata.continue;
    if (token !== undefined) pageOf[token] = page + 1;
  }
}

/** Everything that can be listed and watched, out of an aggregated discovery document. */
function collectionsOf(document: Buffer): { at: string; protobuf: boolean }[] {
  interface Group {
    metadata: { name?: string };
    versions: { version: string; resources: { resource: string; verbs: string[] }[] }[];
  }
  const { items } = JSON.parse(document.toString()) as { items: Group[] };
  return items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources
        .filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch'))
        .map(({ resource }) => {
          const group = metadata.name ?? '';
          const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
          // What custom resources and aggregated servers serve has no protobuf; a new cluster has none of them.
          return { at: `${root}/${resource}`, protobuf: group === '' || !group.includes('metrics') };
        }),
    ),
  );
}

interface Heard {
  status: number;
  contentType: string;
  body: Buffer;
}

/** One exchange on a connection of its own. Of a watch, what came up to the event that holds `until`. */
function ask(access: Access, question: Question, query: string, until?: string): Promise<Heard> {
  const { hostname, port } = new URL(access.server);
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = tls.connect({ host: hostname, port: Number(port), ...access, ALPNProtocols: ['http/1.1'] });
    const late = setTimeout(() => socket.destroy(new Error(`${question.path} was not answered in 60 s`)), 60_000);
    let quiet: NodeJS.Timeout | undefined;
    socket.on('data', (bytes: Buffer) => {
      parts.push(bytes);
      if (until === undefined || quiet !== undefined) return;
      if (Buffer.concat(parts.slice(-4)).includes(until)) quiet = setTimeout(() => socket.end(), 100);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(late);
      try {
        resolve(parse(Buffer.concat(parts), until));
      } catch (error) {
        reject(error);
      }
    });
    socket.write(
      `GET ${question.path}${query === '' ? '' : `?${query}`} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n` +
        `User-Agent: kubesage-bench\r\nAccept: ${accepts[question.form]}\r\n` +
        `${question.gzip ? 'Accept-Encoding: gzip\r\n' : ''}${until === undefined ? 'Connection: close\r\n' : ''}\r\n`,
    );
  });
}

function parse(answer: Buffer, until: string | undefined): Heard {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) throw new Error('An API server closed the connection without an answer');
  const head = answer.subarray(0, end).toString('latin1');
  const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
  const status = Number(head.split(' ', 2)[1]);
  const raw = answer.subarray(end + 4);
  const chunks = header('transfer-encoding') === 'chunked' ? chunksOf(raw) : undefined;
  const whole = chunks === undefined ? raw : Buffer.concat(chunks.map(({ data }) => data));
  const body = until === undefined ? whole : raw.subarray(0, watchEnd(whole, chunks ?? [], until));
  return { status, contentType: header('content-type'), body };
}

interface Chunk {
  data: Buffer;
  /** Where the next one begins. */
  end: number;
}

/** The chunks of a body as HTTP/1.1 frames it, up to the last whole one. */
export function chunksOf(raw: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < raw.length; ) {
    const line = raw.indexOf('\r\n', at);
    const size = Number.parseInt(raw.subarray(at, line).toString('latin1'), 16);
    const end = line + 2 + size + 2;
    // Of a watch that was left, the last one may be cut.
    if (line < 0 || Number.isNaN(size) || size === 0 || end > raw.length) break;
    chunks.push({ data: raw.subarray(line + 2, line + 2 + size), end });
    at = end;
  }
  return chunks;
}

/** Where the chunk ends whose end is that of the first event with `until`: events are flushed one by one. */
function watchEnd(frames: Buffer, chunks: readonly Chunk[], until: string): number {
  const found = frames.indexOf(until);
  let frameEnd = 0;
  while (found >= 0 && frameEnd <= found) frameEnd += 4 + frames.readUInt32BE(frameEnd);
  let at = 0;
  for (const { data, end } of chunks) {
    at += data.length;
    if (found >= 0 && at === frameEnd) return end;
  }
  throw new Error(`A watch did not come to ${until}`);
}
