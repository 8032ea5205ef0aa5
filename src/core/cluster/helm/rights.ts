import type { Need, Permissions } from '../actions/index.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { Operation, ReleaseName, Right } from './contract.ts';
import { type ManifestObject, readManifest } from './model.ts';
import { placeOf } from './objects.ts';

type Place = Pick<ReleaseName, 'cluster' | 'namespace'>;

interface Asked extends Need {
  namespace: string;
}

/** What is known of an operation when it is asked about. */
export interface Known {
  /** Where its history is, or would be. */
  storage: 'secret' | 'configmap';
  /** Manifest of the release as it is; '' when there is none. */
  before: string;
  /** Manifest as it would be; absent while it is not known: then what is there is changed. */
  after?: string | undefined;
  createNamespace?: boolean | undefined;
}

/** What the user lacks for an operation, asked of the API server; each right once. */
export async function lacking(
  permissions: Permissions,
  cluster: FleetCluster,
  place: Place,
  operation: Operation['operation'],
  known: Known,
): Promise<Right[]> {
  const needs = [...storageNeeds(place, operation, known), ...objectNeeds(cluster, place, operation, known)];
  const different = [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
  const answers = await Promise.all(different.map((need) => permissions.ask(place.cluster, need, need.namespace)));
  return answers.flatMap(({ allowed, reason = '', rule = '' }) => (allowed ? [] : [{ reason, rule }]));
}

/** Helm keeps each revision as an object of its own, and marks the one before. */
function storageNeeds({ namespace }: Place, operation: Operation['operation'], known: Known): Asked[] {
  const resource = known.storage === 'secret' ? 'secrets' : 'configmaps';
  const verbs = {
    install: ['create', 'update'],
    upgrade: ['create', 'update'],
    rollback: ['create', 'update'],
    uninstall: ['delete', 'update'],
    test: ['update'],
  };
  const needs: Asked[] = verbs[operation].map((verb) => ({ verb, group: '', resource, namespace }));
  if (known.createNamespace === true) needs.push({ verb: 'create', group: '', resource: 'namespaces', namespace: '' });
  return needs;
}

function objectNeeds(cluster: FleetCluster, place: Place, operation: Operation['operation'], known: Known): Asked[] {
  const need = (object: ManifestObject, verb: string): Asked[] => {
    const { known: kind, namespace } = placeOf(cluster, object, place.namespace);
    // What the cluster does not serve, helm itself refuses in better words.
    return kind === undefined ? [] : [{ verb, group: kind.group, resource: kind.resource, namespace }];
  };
  const before = readManifest(known.before);
  if (operation === 'test') return [];
  if (operation === 'uninstall') return before.flatMap((object) => need(object, 'delete'));
  if (known.after === undefined) return before.flatMap((object) => need(object, 'patch'));
  const key = ({ apiVersion, kind, namespace, name }: ManifestObject) =>
    [apiVersion.replace(/\/?[^/]*$/, ''), kind, namespace, name].join('\n');
  const old = new Map(before.map((object) => [key(object), object]));
  const needs = readManifest(known.after).flatMap((object) => {
    const there = old.delete(key(object));
    return need(object, there ? 'patch' : 'create');
  });
  return [...needs, ...[...old.values()].flatMap((object) => need(object, 'delete'))];
}
