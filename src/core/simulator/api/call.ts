import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SimulatedCluster } from '../cluster.ts';
import { apiVersionOf, type ResourceType } from '../kinds/registry.ts';
import { type Fields, isFields } from '../objects.ts';
import type { SimulatedUser } from './access.ts';
import { envelope, protobufStatus } from './encoding.ts';
import { ApiError, badRequest, notAcceptable } from './status.ts';

/** One request on its way through the server. */
export interface Call {
  cluster: SimulatedCluster;
  user: SimulatedUser;
  method: string;
  path: string;
  query: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
}

/** A call to a resource. `namespace` and `name` are '' where the path has none. */
export interface ResourceCall extends Call {
  type: ResourceType;
  namespace: string;
  name: string;
  subresource: string | undefined;
}

export type Form = 'json' | 'protobuf' | 'table' | 'partial';

export const protobufMedia = 'application/vnd.kubernetes.protobuf';

/** The form of the answer: the first of the accepted ones that can be had. */
export function negotiate(call: Call, type: ResourceType | undefined): Form {
  const header = call.request.headers.accept ?? '*/*';
  const protobuf =
    call.cluster.protobuf !== undefined && type !== undefined && !type.custom && type.group !== 'metrics.k8s.io';
  for (const part of header.split(',')) {
    const [media = '', ...parameters] = part.split(';').map((word) => word.trim());
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3);
    if (media === 'application/json' || media === '*/*' || media === 'application/*') {
      if (as === undefined) return 'json';
      if (!parameters.includes('v=v1')) continue;
      if (as === 'Table') return 'table';
      if (as.startsWith('PartialObjectMetadata')) return 'partial';
    }
    if (media === protobufMedia && as === undefined && protobuf) return 'protobuf';
  }
  throw notAcceptable(['application/json', ...(protobuf ? [protobufMedia] : [])]);
}

export function wantsProtobuf(call: Call): boolean {
  return (call.request.headers.accept ?? '').trim().startsWith(protobufMedia);
}

export function flag(call: Call, name: string): boolean {
  const value = call.query.get(name);
  return value === 'true' || value === '1';
}

/** The options of a delete, from its query and its body. */
const bodyLimitBytes = 3 * 1024 * 1024;

export async function readBody(call: Call): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of call.request) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('A request body arrives as bytes');
    size += chunk.length;
    if (size > bodyLimitBytes) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimitBytes}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : ''}`);
  }
}

export function parseFields(body: Buffer): Fields {
  const value = parseJson(body);
  if (!isFields(value)) throw badRequest('the object provided is unrecognized: it is not a JSON object');
  return value;
}

export function sendJson(call: Call, code: number, value: unknown): void {
  sendBytes(call, code, 'application/json', Buffer.from(`${JSON.stringify(value)}\n`));
}

export function sendBytes(call: Call, code: number, media: string, body: Buffer): void {
  call.response.writeHead(code, { ...headers(call), 'content-type': media, 'content-length': body.length });
  call.response.end(body);
}

/** Headers of every answer. The date is the cluster's own, so that a client can see a skewed clock. */
export function headers(call: Call): Record<string, string> {
  return {
    'cache-control': 'no-cache, private',
    date: new Date(call.cluster.timeline.now()).toUTCString(),
  };
}

/** Answers with one object in the negotiated form. */
export function sendObject(call: ResourceCall, code: number, object: Fields): void {
  const codec = call.cluster.protobuf;
  if (codec !== undefined && wantsProtobuf(call) && negotiate(call, call.type) === 'protobuf') {
    const version = String(object.apiVersion ?? apiVersionOf(call.type));
    const kind = String(object.kind ?? call.type.kind);
    const raw = codec.encode(version, kind, object);
    if (raw !== undefined) {
      sendBytes(call, code, protobufMedia, envelope(version, kind, raw));
      return;
    }
  }
  sendJson(call, code, object);
}

/** Answers with a Status. What is not an ApiError is a defect of the simulator and becomes a 500. */
export function sendError(call: Call, error: unknown): void {
  const refusal =
    error instanceof ApiError
      ? error
      : new ApiError(500, 'InternalError', `Internal error occurred: ${error instanceof Error ? error.stack : error}`);
  if (call.response.headersSent) {
    call.response.destroy();
    return;
  }
  if (refusal.code === 429) call.response.setHeader('retry-after', '1');
  const status = refusal.toStatus();
  if (wantsProtobuf(call) && call.cluster.protobuf !== undefined) {
    sendBytes(call, refusal.code, protobufMedia, envelope('v1', 'Status', protobufStatus(status)));
  } else sendJson(call, refusal.code, status);
}
