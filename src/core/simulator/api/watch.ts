import { apiVersionOf } from '../kinds/registry.ts';
import type { Fields, KubeObject } from '../objects.ts';
import type { Change, Entry } from '../store/objectStore.ts';
import { type Form, flag, headers, negotiate, protobufMedia, type ResourceCall } from './call.ts';
import { inVersion, jsonOf, partialMetadata, protobufFrames, protobufOf, protobufStatus } from './encoding.ts';
import { selection } from './list.ts';
import { type ApiError, badRequest, expired, invalid } from './status.ts';
import { tableOf } from './table/table.ts';
import { createWatchBody } from './watchBody.ts';

/** The real server sends a bookmark about once a minute, and a last one before the timeout. */
const bookmarkPeriodMs = 60_000;
/** A watch without a limit ends after 30 to 60 minutes in the real server. */
const defaultTimeoutMs = 45 * 60_000;

/** Answers a watch, with or without a streaming list in front. */
export function watch(call: ResourceCall): void {
  const form = negotiate(call, call.type);
  const { store, timeline } = call.cluster;
  const wanted = selection(call);
  const streamingList = checkStreamingList(call);
  const bookmarks = flag(call, 'allowWatchBookmarks');
  const version = call.query.get('resourceVersion') ?? '';
  const frame = framing(call, form);
  const { response } = call;

  const inScope = (entry: Entry) => call.namespace === '' || entry.key.startsWith(`${call.namespace}/`);
  const matches = (entry: Entry | undefined) =>
    entry !== undefined &&
    (wanted === undefined || wanted(entry.object)) &&
    (call.name === '' || entry.object.metadata.name === call.name);

  const body = createWatchBody(response);
  const tell = (change: Change) => {
    const now = change.type !== 'DELETED' && matches(change.entry);
    const before = matches(change.previous);
    if (now) body.write(frame(before ? 'MODIFIED' : 'ADDED', change.entry));
    else if (before) body.write(frame('DELETED', change.entry));
  };
  const onChange = (change: Change) => {
    if (inScope(change.entry)) body.inTurn(() => tell(change));
  };
  const bookmark = (annotations?: Record<string, string>) => {
    // Of this moment: what changes while it waits comes behind it.
    const entry = bookmarkOf(call, annotations);
    body.inTurn(() => body.write(frame('BOOKMARK', entry)));
  };

  const past =
    version === '' || version === '0' || streamingList ? [] : store.changesSince(call.type.id, Number(version));
  response.writeHead(200, { ...headers(call), 'content-type': mediaOf(form) });
  response.flushHeaders();
  if (past === undefined) {
    const refusal = expired(`too old resource version: ${version} (${store.revision})`);
    response.end(errorFrame(form, refusal));
    return;
  }
  const subscription = store.subscribe(call.type.id, onChange);
  if (version === '' || version === '0' || streamingList) {
    const namespace = call.namespace === '' ? undefined : call.namespace;
    const lists = !streamingList ? call.query.get('sendInitialEvents') !== 'false' : flag(call, 'sendInitialEvents');
    if (lists) {
      const entries = [...store.list(call.type.id, namespace)];
      body.list(framesOf(entries, matches, frame));
    }
    if (lists && streamingList) bookmark({ 'k8s.io/initial-events-end': 'true' });
  }
  for (const change of past) onChange(change);
  body.flush();

  const seconds = Number(call.query.get('timeoutSeconds') ?? 0);
  const timeoutMs = seconds > 0 ? seconds * 1000 : defaultTimeoutMs;
  const marks = bookmarks ? timeline.every(bookmarkPeriodMs, () => bookmark()) : undefined;
  // The last bookmark lets a client resume without replaying what it has seen.
  const last = bookmarks ? timeline.after(Math.max(0, timeoutMs - 2000), () => bookmark()) : undefined;
  const end = timeline.after(timeoutMs, () =>
    body.inTurn(() => {
      body.flush();
      response.end();
    }),
  );
  response.on('close', () => {
    for (const timer of [marks, last, end, subscription]) timer?.dispose();
    body.drop();
  });
}

function* framesOf(
  entries: readonly Entry[],
  matches: (entry: Entry) => boolean,
  frame: (type: string, entry: Entry) => Buffer,
): Generator<Buffer> {
  for (const entry of entries) if (matches(entry)) yield frame('ADDED', entry);
}

/** `sendInitialEvents` needs its companions; the real server refuses it otherwise. */
function checkStreamingList(call: ResourceCall): boolean {
  if (!call.query.has('sendInitialEvents')) {
    if (call.query.has('resourceVersionMatch')) {
      throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
        {
          reason: 'FieldValueForbidden',
          message: 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
          field: 'resourceVersionMatch',
        },
      ]);
    }
    return false;
  }
  if (call.query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
      {
        reason: 'FieldValueForbidden',
        message: 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
        field: 'resourceVersionMatch',
      },
    ]);
  }
  const version = Number(call.query.get('resourceVersion') ?? 0);
  if (version > call.cluster.store.revision) throw badRequest(`Too large resource version: ${version}`);
  return true;
}

function mediaOf(form: Form): string {
  return form === 'protobuf' ? `${protobufMedia};stream=watch` : 'application/json';
}

/** How a change is written; a table's columns come with its first row only. */
function framing(call: ResourceCall, form: Form): (type: string, entry: Entry) => Buffer {
  const { type, cluster } = call;
  const version = apiVersionOf(type);
  const codec = cluster.protobuf;
  if (form === 'protobuf' && codec !== undefined) {
    const frame = protobufFrames(version, type.kind);
    return (event, entry) => frame(event, protobufOf(entry, type, codec));
  }
  if (form === 'table') {
    let first = true;
    return (event, entry) => {
      const metadata = { resourceVersion: entry.object.metadata.resourceVersion };
      const table = tableOf(call, event === 'BOOKMARK' ? [] : [entry.object], metadata, first);
      first = false;
      return line(event, table);
    };
  }
  if (form === 'partial') return (event, entry) => line(event, partialMetadata(entry.object));
  return (event, entry) =>
    entry.object.apiVersion === version
      ? Buffer.concat([Buffer.from(`{"type":"${event}","object":`), jsonOf(entry), lineEnd])
      : line(event, inVersion(entry.object, type));
}

const lineEnd = Buffer.from('}\n');

function line(type: string, object: Fields): Buffer {
  return Buffer.from(`${JSON.stringify({ type, object })}\n`);
}

function errorFrame(form: Form, refusal: ApiError): Buffer {
  const status = refusal.toStatus();
  if (form === 'protobuf') return protobufFrames('v1', 'Status')('ERROR', protobufStatus(status));
  return line('ERROR', status);
}

function bookmarkOf(call: ResourceCall, annotations: Record<string, string> | undefined): Entry {
  const { store } = call.cluster;
  const object: KubeObject = {
    kind: call.type.kind,
    apiVersion: apiVersionOf(call.type),
    metadata: {
      name: '',
      uid: '',
      resourceVersion: String(store.revision),
      creationTimestamp: '',
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
  // A bookmark has nothing but its version: empty names would be read as values.
  const { name: _name, uid: _uid, creationTimestamp: _created, ...metadata } = object.metadata;
  return { key: '', revision: store.revision, object: { ...object, metadata: metadata as KubeObject['metadata'] } };
}
