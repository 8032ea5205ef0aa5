import type { ResourceType } from '../kinds/registry.ts';
import { authorize, reviewAccess, reviewRules } from './access.ts';
import { type Call, flag, parseFields, type ResourceCall, readBody, sendBytes, sendJson, sendObject } from './call.ts';
import {
  aggregated,
  aggregatedMedia,
  groupList,
  oneGroup,
  openapiDocument,
  openapiIndex,
  resourceList,
  wantsAggregated,
} from './discovery.ts';
import { get } from './get.ts';
import { list } from './list.ts';
import { podLog } from './logs.ts';
import { metrics } from './metrics.ts';
import { noSuchPath, notAllowed } from './status.ts';
import { evict } from './subresources/eviction.ts';
import { scale } from './subresources/scale.ts';
import { watch } from './watch.ts';
import { create } from './write/create.ts';
import { remove, removeCollection } from './write/remove.ts';
import { patch, update } from './write/update.ts';

/** Answers one request. Throws ApiError for what is refused. */
export async function route(call: Call): Promise<void> {
  const parts = call.path
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const fixed = fixedPath(call, parts);
  if (fixed) return;
  const resource = resourceCall(call, parts);
  if (resource === undefined) throw noSuchPath();
  await answer(resource);
}

/** Paths that are no resources. Returns false when it is none of them. */
function fixedPath(call: Call, parts: readonly string[]): boolean {
  const { types } = call.cluster;
  const [first = '', second, third] = parts;
  if (call.method !== 'GET' && !['apis', 'api'].includes(first)) return false;
  switch (first) {
    case 'version':
      sendJson(call, 200, versionOf(call.cluster.version));
      return true;
    case 'livez':
    case 'readyz':
    case 'healthz':
      sendBytes(call, 200, 'text/plain; charset=utf-8', Buffer.from('ok'));
      return true;
    case 'openapi': {
      if (second !== 'v3') throw noSuchPath();
      const [, , root, group = '', version = ''] = parts;
      if (root === undefined) sendJson(call, 200, openapiIndex(types));
      else sendFound(call, root === 'api' ? openapiDocument(types, '', group) : openapiDocument(types, group, version));
      return true;
    }
    case 'api':
      if (parts.length > 2) return false;
      if (second !== undefined) sendFound(call, resourceList(types, '', second));
      else if (wantsAggregated(call.request.headers.accept)) sendAggregated(call, true);
      else sendJson(call, 200, { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
      return true;
    case 'apis':
      if (parts.length > 3) return false;
      if (second === undefined && wantsAggregated(call.request.headers.accept)) sendAggregated(call, false);
      else if (second === undefined) sendJson(call, 200, groupList(types));
      else if (third === undefined) sendFound(call, oneGroup(types, second));
      else sendFound(call, resourceList(types, second, third));
      return true;
    default:
      throw noSuchPath();
  }
}

function sendFound(call: Call, value: unknown): void {
  if (value === undefined) throw noSuchPath();
  sendJson(call, 200, value);
}

function sendAggregated(call: Call, core: boolean): void {
  const body = Buffer.from(JSON.stringify(aggregated(call.cluster.types, core)));
  sendBytes(call, 200, aggregatedMedia, body);
}

function versionOf(version: string): Record<string, string> {
  const [major = '1', minor = '0'] = version.split('.');
  return {
    major,
    minor,
    gitVersion: `v${version}`,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.26.0',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

/** `/api/v1/…` and `/apis/GROUP/VERSION/…` as a resource, its namespace, name and subresource. */
function resourceCall(call: Call, parts: readonly string[]): ResourceCall | undefined {
  const core = parts[0] === 'api';
  const group = core ? '' : (parts[1] ?? '');
  const version = (core ? parts[1] : parts[2]) ?? '';
  const rest = parts.slice(core ? 2 : 3);
  const find = (resource: string | undefined) =>
    resource === undefined ? undefined : call.cluster.types.find(group, version, resource);
  if (rest[0] === 'namespaces' && rest.length > 2) {
    const type = find(rest[2]);
    if (type?.namespaced === true) return made(call, type, rest[1] ?? '', rest.slice(3));
    if (group !== '') return undefined;
  }
  const type = find(rest[0]);
  // An object of a namespaced kind has no path without its namespace.
  if (type === undefined || (type.namespaced && rest.length > 1)) return undefined;
  return made(call, type, '', rest.slice(1));
}

function made(call: Call, type: ResourceType, namespace: string, rest: readonly string[]): ResourceCall | undefined {
  if (rest.length > 2) return undefined;
  const [name = '', subresource] = rest;
  if (subresource !== undefined && !type.subresources.includes(subresource)) return undefined;
  return { ...call, type, namespace, name, subresource };
}

async function answer(call: ResourceCall): Promise<void> {
  const watching = flag(call, 'watch');
  const verb = verbOf(call, watching);
  const selected = /^metadata\.name=([^,]+)$/.exec(call.query.get('fieldSelector') ?? '')?.[1];
  authorize(call.user, verb, call.type, {
    namespace: call.namespace,
    name: call.name === '' ? (selected ?? '') : call.name,
    subresource: call.subresource,
  });
  const { type } = call;
  if (type.group === 'metrics.k8s.io') return metrics(call);
  if (call.subresource === 'log') return podLog(call);
  if (call.subresource === 'scale') return scale(call);
  if (call.subresource === 'eviction' && verb === 'create') return evict(call);
  if (type.kind.startsWith('SelfSubject') && verb === 'create') return review(call);
  if (!type.verbs.includes(verb)) throw notAllowed();
  switch (verb) {
    case 'watch':
      return watch(call);
    case 'list':
      return list(call);
    case 'get':
      return get(call);
    case 'create':
      if (call.subresource !== undefined) throw notAllowed();
      return create(call);
    case 'update':
      return update(call);
    case 'patch':
      return patch(call);
    case 'delete':
      return remove(call);
    default:
      return removeCollection(call);
  }
}

async function review(call: ResourceCall): Promise<void> {
  const asked = parseFields(await readBody(call));
  const { user } = call;
  if (call.type.kind === 'SelfSubjectAccessReview') return sendObject(call, 201, reviewAccess(user, asked));
  if (call.type.kind === 'SelfSubjectRulesReview') return sendObject(call, 201, reviewRules(user, asked));
  sendObject(call, 201, { ...asked, status: { userInfo: { username: user.name, groups: user.groups } } });
}

function verbOf(call: ResourceCall, watching: boolean): string {
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      if (watching) return 'watch';
      return call.name === '' ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return call.name === '' ? 'deletecollection' : 'delete';
    default:
      throw notAllowed();
  }
}
