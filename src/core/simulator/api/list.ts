import { apiVersionOf } from '../kinds/registry.ts';
import type { Fields } from '../objects.ts';
import type { Entry } from '../store/objectStore.ts';
import { type Form, headers, negotiate, protobufMedia, type ResourceCall, sendBytes, sendJson } from './call.ts';
import { envelope, inVersion, itemJsonOf, partialMetadata, protobufList, protobufOf } from './encoding.ts';
import { fieldPredicate, labelPredicate, type Predicate } from './selectors.ts';
import { badRequest, expired } from './status.ts';
import { tableOf } from './table/table.ts';

/** The selectors of a request as one predicate; undefined when it takes everything. */
export function selection(call: ResourceCall): Predicate | undefined {
  const parts: Predicate[] = [];
  const labels = call.query.get('labelSelector') ?? '';
  const fields = call.query.get('fieldSelector') ?? '';
  if (labels !== '') parts.push(labelPredicate(labels));
  if (fields !== '') {
    const { id, kind } = call.type;
    parts.push(fieldPredicate(fields, { id, kind, apiVersion: apiVersionOf(call.type) }));
  }
  return parts.length === 0 ? undefined : (object) => parts.every((part) => part(object));
}

interface Page {
  entries: Entry[];
  metadata: Fields;
}

interface Continuation {
  revision: number;
  after: string;
}

/** Answers a list: paged or whole, in the negotiated form. */
export function list(call: ResourceCall): void {
  const form = negotiate(call, call.type);
  const page = readPage(call);
  send(call, form, page);
}

function readPage(call: ResourceCall): Page {
  const { store } = call.cluster;
  const limit = Number(call.query.get('limit') ?? 0);
  const token = call.query.get('continue') ?? '';
  const from = token === '' ? undefined : parseContinue(token);
  const revision = from?.revision ?? exactRevision(call) ?? store.revision;
  if (revision > store.revision) {
    throw badRequest(`Too large resource version: ${revision}, current: ${store.revision}`);
  }
  const wanted = selection(call);
  const namespace = call.namespace === '' ? undefined : call.namespace;
  const entries: Entry[] = [];
  let last = '';
  let remaining = 0;
  for (const entry of entriesAt(call, revision, namespace, from?.after ?? '')) {
    if (wanted !== undefined && !wanted(entry.object)) continue;
    if (limit > 0 && entries.length === limit) {
      remaining++;
      continue;
    }
    entries.push(entry);
    last = entry.key;
  }
  const metadata: Fields = { resourceVersion: String(revision) };
  if (remaining > 0) {
    metadata.continue = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: last })).toString(
      'base64url',
    );
    // With selectors the real server does not know how many are left.
    if (wanted === undefined) metadata.remainingItemCount = remaining;
  }
  return { entries, metadata };
}

function exactRevision(call: ResourceCall): number | undefined {
  const version = call.query.get('resourceVersion') ?? '';
  if (call.query.get('resourceVersionMatch') !== 'Exact' || version === '' || version === '0') return undefined;
  return Number(version);
}

function parseContinue(token: string): Continuation {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (typeof parsed === 'object' && parsed !== null && 'rv' in parsed && 'start' in parsed) {
      return { revision: Number(parsed.rv), after: String(parsed.start) };
    }
  } catch (error) {
    throw badRequest(`continue key is not valid: ${error instanceof Error ? error.message : ''}`);
  }
  throw badRequest('continue key is not valid: incorrect encoded start resourceVersion');
}

/**
 * The entries as they were at a revision: all pages of one list show one moment. Changes since then are taken back;
 * when they are no longer known, the list has expired as after a compaction.
 */
function* entriesAt(
  call: ResourceCall,
  revision: number,
  namespace: string | undefined,
  after: string,
): Generator<Entry> {
  const { store } = call.cluster;
  const since = revision === store.revision ? [] : store.changesSince(call.type.id, revision);
  if (since === undefined || revision < store.compactedRevision) {
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
    );
  }
  if (since.length === 0) {
    yield* store.list(call.type.id, namespace, after);
    return;
  }
  const before = new Map<string, Entry | undefined>();
  for (const change of since) if (!before.has(change.entry.key)) before.set(change.entry.key, change.previous);
  const entries = [...store.list(call.type.id, namespace)].filter((entry) => !before.has(entry.key));
  for (const entry of before.values()) {
    if (entry !== undefined && (namespace === undefined || entry.key.startsWith(`${namespace}/`))) entries.push(entry);
  }
  entries.sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const entry of entries) if (entry.key > after) yield entry;
}

const chunkBytes = 256 * 1024;

function send(call: ResourceCall, form: Form, page: Page): void {
  const { type } = call;
  const version = apiVersionOf(type);
  const codec = call.cluster.protobuf;
  if (form === 'table') {
    const objects = page.entries.map((entry) => entry.object);
    sendJson(call, 200, tableOf(call, objects, page.metadata));
    return;
  }
  if (form === 'partial') {
    const items = page.entries.map((entry) => partialMetadata(entry.object));
    sendJson(call, 200, {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: page.metadata,
      items,
    });
    return;
  }
  if (form === 'protobuf' && codec !== undefined) {
    const items = page.entries.map((entry) => protobufOf(entry, type, codec));
    const body = envelope(version, `${type.kind}List`, protobufList(page.metadata, items));
    sendBytes(call, 200, protobufMedia, body);
    return;
  }
  if (type.custom && page.entries.some((entry) => entry.object.apiVersion !== version)) {
    const items = page.entries.map((entry) => inVersion(entry.object, type));
    sendJson(call, 200, { kind: `${type.kind}List`, apiVersion: version, metadata: page.metadata, items });
    return;
  }
  const { response } = call;
  response.writeHead(200, { ...headers(call), 'content-type': 'application/json' });
  const head = JSON.stringify({ kind: `${type.kind}List`, apiVersion: version, metadata: page.metadata });
  let parts: Buffer[] = [Buffer.from(`${head.slice(0, -1)},"items":[`)];
  let size = 0;
  page.entries.forEach((entry, index) => {
    if (index > 0) parts.push(comma);
    const item = itemJsonOf(entry, type);
    parts.push(...item);
    size += item.at(-1)?.length ?? 0;
    if (size < chunkBytes) return;
    response.write(Buffer.concat(parts));
    parts = [];
    size = 0;
  });
  parts.push(Buffer.from(']}\n'));
  response.end(Buffer.concat(parts));
}

const comma = Buffer.from(',');
