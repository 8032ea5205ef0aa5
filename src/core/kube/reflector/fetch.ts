import type { KindSchema } from '../columns/schema.ts';
import { MalformedMessage } from '../projectors/protobuf.ts';
import { ApiFailure, type ResponseHead } from '../transport/index.ts';
import type { FetchMode } from './abilities.ts';

export const accepts = {
  protobufWatch: 'application/vnd.kubernetes.protobuf;stream=watch',
  protobufList: 'application/vnd.kubernetes.protobuf',
  json: 'application/json',
} as const;

/** Rows of a JSON page: kubectl's own chunk size. */
export const pageSize = 500;

/** Path of a kind's collection: `/apis/apps/v1/namespaces/shop/deployments`. */
export function collectionPath(schema: KindSchema, namespace: string): string {
  const root = schema.group === '' ? `/api/${schema.version}` : `/apis/${schema.group}/${schema.version}`;
  const inside = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${inside}/${schema.resource}`;
}

interface WatchOptions {
  /** undefined for a streaming list that must be the newest state. */
  version: string | undefined;
  /** Begin with everything that is there. */
  initial: boolean;
  timeoutSeconds: number;
}

export function watchQuery(options: WatchOptions): string {
  const parameters = new URLSearchParams({ watch: 'true', allowWatchBookmarks: 'true' });
  if (options.initial) {
    parameters.set('sendInitialEvents', 'true');
    parameters.set('resourceVersionMatch', 'NotOlderThan');
  }
  if (options.version !== undefined) parameters.set('resourceVersion', options.version);
  parameters.set('timeoutSeconds', String(options.timeoutSeconds));
  return parameters.toString();
}

/** Refuses an answer that is not in the asked encoding, before a byte of it is read as data. */
export function checkEncoding(head: ResponseHead, encoding: FetchMode['encoding']): void {
  const type = (head.headers['content-type'] ?? '').toLowerCase();
  if (encoding === 'protobuf') {
    if (type.startsWith('application/vnd.kubernetes.protobuf')) return;
    if (type.startsWith('application/json')) {
      // Aggregated servers that know no protobuf may answer with JSON instead of 406.
      throw new ApiFailure('unsupported', 'The server answers with JSON where protobuf was asked for', { status: 406 });
    }
  } else if (type.startsWith('application/json')) return;
  throw new ApiFailure('unavailable', `Something other than a Kubernetes API server answered (${type || 'no type'})`, {
    status: head.status,
    hint: 'A proxy may stand between this machine and the API server. Check the proxy settings.',
  });
}

/** Wraps what a projector may throw at a broken object, so that the kind is fetched again. */
export function asMalformed(error: unknown): unknown {
  if (error instanceof RangeError || error instanceof TypeError || error instanceof SyntaxError) {
    return new MalformedMessage(`An object could not be read: ${error.message}`, error);
  }
  return error;
}
