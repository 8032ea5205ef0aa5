import { encodeMessage, messageTypeOf } from '../../src/core/kube/projectors/index.ts';
import { protobufFrames } from '../../src/core/simulator/api/encoding.ts';
import type { Replayed } from './replayed.ts';
import type { BookmarkOf } from './replayedServer.ts';

interface Group {
  metadata: { name?: string };
  versions: { version: string; resources: { resource: string; responseKind: { kind: string } }[] }[];
}

/** Bookmarks of every recorded collection, at the version that `version` gives. */
export function bookmarksOf(replayed: Replayed, version: () => string): BookmarkOf {
  const kinds = new Map<string, { group: string; version: string; kind: string }>();
  for (const at of ['/api', '/apis']) {
    const answer = replayed.find({ path: at, form: 'discovery', gzip: false, limit: 0, page: 0 });
    if (answer === undefined) throw new Error(`${at} was not recorded`);
    const { items } = JSON.parse(replayed.body(answer).toString()) as { items: Group[] };
    for (const { metadata, versions } of items) {
      for (const { version: served, resources } of versions) {
        const group = metadata.name ?? '';
        const root = group === '' ? `/api/${served}` : `/apis/${group}/${served}`;
        for (const { resource, responseKind } of resources) {
          kinds.set(`${root}/${resource}`, { group, version: served, kind: responseKind.kind });
        }
      }
    }
  }
  return (at, protobuf) => {
    const found = kinds.get(at);
    if (found === undefined) return undefined;
    const { group, kind } = found;
    const apiVersion = group === '' ? found.version : `${group}/${found.version}`;
    const metadata = { resourceVersion: version(), creationTimestamp: null };
    if (!protobuf) {
      return Buffer.from(`${JSON.stringify({ type: 'BOOKMARK', object: { kind, apiVersion, metadata } })}\n`);
    }
    const type = messageTypeOf(group, found.version, kind);
    if (type === undefined) return undefined;
    return protobufFrames(apiVersion, kind)('BOOKMARK', encodeMessage(type, { metadata }));
  };
}
