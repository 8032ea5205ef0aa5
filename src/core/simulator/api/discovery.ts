import { apiVersionOf, type ResourceType, type TypeRegistry } from '../kinds/registry.ts';
import type { Fields } from '../objects.ts';

const aggregatedForm = /application\/json;.*as=APIGroupDiscoveryList/;

/** Whether a client asks for the whole discovery in one document. */
export function wantsAggregated(accept: string | undefined): boolean {
  return aggregatedForm.test(accept ?? '') && /v=v2(\b|$)/.test((accept ?? '').replaceAll('v2beta1', ''));
}

export const aggregatedMedia = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Types by group and version, in the registry's order; stored versions of custom groups come first. */
function grouped(types: TypeRegistry): Map<string, Map<string, ResourceType[]>> {
  const groups = new Map<string, Map<string, ResourceType[]>>();
  for (const type of types.all()) {
    let versions = groups.get(type.group);
    if (versions === undefined) {
      versions = new Map();
      groups.set(type.group, versions);
    }
    let resources = versions.get(type.version);
    if (resources === undefined) {
      resources = [];
      versions.set(type.version, resources);
    }
    resources.push(type);
  }
  return groups;
}

/** `/api` or `/apis` as one `APIGroupDiscoveryList`. */
export function aggregated(types: TypeRegistry, core: boolean): Fields {
  const items: Fields[] = [];
  for (const [group, versions] of grouped(types)) {
    if ((group === '') !== core) continue;
    items.push({
      metadata: group === '' ? {} : { name: group },
      versions: [...versions].map(([version, resources]) => ({
        version,
        resources: resources.map(aggregatedResource),
        freshness: 'Current',
      })),
    });
  }
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregatedResource(type: ResourceType): Fields {
  // The real server names group and version only where they differ from the resource's own, or for custom ones.
  const responseKind = type.custom
    ? { group: type.group, version: type.version, kind: type.kind }
    : { group: '', version: '', kind: type.kind };
  return {
    resource: type.resource,
    responseKind,
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
    ...(type.categories.length === 0 ? {} : { categories: type.categories }),
    ...(type.subresources.length === 0
      ? {}
      : {
          subresources: type.subresources.map((subresource) => ({
            subresource,
            responseKind:
              subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : responseKind,
            verbs: subresourceVerbs(subresource),
          })),
        }),
  };
}

function subresourceVerbs(subresource: string): string[] {
  if (subresource === 'log') return ['get'];
  if (subresource === 'eviction' || subresource === 'binding' || subresource === 'token') return ['create'];
  if (subresource === 'exec' || subresource === 'attach' || subresource === 'portforward') return ['create', 'get'];
  return ['get', 'patch', 'update'];
}

/** `/apis`. */
export function groupList(types: TypeRegistry): Fields {
  const groups = [...grouped(types)].filter(([group]) => group !== '');
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(([group, versions]) => groupFields(group, [...versions.keys()])),
  };
}

/** `/apis/GROUP`. */
export function oneGroup(types: TypeRegistry, group: string): Fields | undefined {
  const versions = grouped(types).get(group);
  if (versions === undefined || group === '') return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupFields(group, [...versions.keys()]) };
}

function groupFields(name: string, versions: readonly string[]): Fields {
  const named = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: named, preferredVersion: named[0] };
}

/** `/apis/GROUP/VERSION` or `/api/v1`. */
export function resourceList(types: TypeRegistry, group: string, version: string): Fields | undefined {
  const resources = grouped(types).get(group)?.get(version);
  if (resources === undefined) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: resources.flatMap((type) => [
      {
        name: type.resource,
        singularName: type.singular,
        namespaced: type.namespaced,
        kind: type.kind,
        verbs: type.verbs,
        ...(type.shortNames.length === 0 ? {} : { shortNames: type.shortNames }),
        ...(type.categories.length === 0 ? {} : { categories: type.categories }),
      },
      ...type.subresources.map((subresource) => ({
        name: `${type.resource}/${subresource}`,
        singularName: '',
        namespaced: type.namespaced,
        ...(subresource === 'scale' ? { group: 'autoscaling', version: 'v1' } : {}),
        kind: subresource === 'scale' ? 'Scale' : type.kind,
        verbs: subresourceVerbs(subresource),
      })),
    ]),
  };
}

/** `/openapi/v3`: which documents there are. The simulator has no schemas to hide behind them. */
export function openapiIndex(types: TypeRegistry): Fields {
  const paths: Fields = {};
  for (const [group, versions] of grouped(types)) {
    for (const version of versions.keys()) {
      const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${types.revision}` };
    }
  }
  return { paths };
}

/**
 * `/openapi/v3/apis/GROUP/VERSION`: the kinds by name, as objects with any fields, and that writes take
 * `fieldValidation` (kubectl looks there before it leaves validation to the server).
 */
export function openapiDocument(types: TypeRegistry, group: string, version: string): Fields | undefined {
  const resources = grouped(types).get(group)?.get(version);
  if (resources === undefined) return undefined;
  const schemas: Fields = {};
  const paths: Fields = {};
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }));
  for (const type of resources) {
    const gvk = { group, version, kind: type.kind };
    schemas[`${group === '' ? 'core' : group}.${version}.${type.kind}`] = {
      type: 'object',
      'x-kubernetes-group-version-kind': [gvk],
      'x-kubernetes-preserve-unknown-fields': true,
    };
    const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const path = `${root}/${type.namespaced ? 'namespaces/{namespace}/' : ''}${type.resource}/{name}`;
    paths[path] = { patch: { parameters, 'x-kubernetes-group-version-kind': gvk } };
  }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'simulated' }, paths, components: { schemas } };
}
