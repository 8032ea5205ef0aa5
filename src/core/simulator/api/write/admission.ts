import type { SimulatedCluster } from '../../cluster.ts';
import type { ResourceType } from '../../kinds/registry.ts';
import { at, type Fields, isFields, listAt, type NewObject, recordAt, textAt } from '../../objects.ts';
import { ApiError, badRequest, type FieldCause, invalid } from '../status.ts';
import { defaulted } from './defaults.ts';

const dnsName = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const nameRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const required = (field: string): FieldCause => ({ reason: 'FieldValueRequired', message: 'Required value', field });

/** Checks and completes an object on its way in. Throws 400, 403, 404 or 422 as the real server words them. */
export function admitNew(
  cluster: SimulatedCluster,
  type: ResourceType,
  namespace: string,
  object: NewObject,
): NewObject {
  const named = withName(cluster, type, object);
  if (type.namespaced) {
    const own = named.metadata.namespace;
    if (own !== undefined && own !== '' && own !== namespace) {
      throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
    }
    const home = cluster.store.object('namespaces', '', namespace);
    if (home === undefined) {
      throw new ApiError(404, 'NotFound', `namespaces "${namespace}" not found`, {
        name: namespace,
        kind: 'namespaces',
      });
    }
    if (home.metadata.deletionTimestamp !== undefined) {
      const kind = type.group === '' ? type.resource : `${type.resource}.${type.group}`;
      const message = `${kind} "${named.metadata.name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
      throw new ApiError(403, 'Forbidden', message, { name: named.metadata.name, kind: type.resource });
    }
    named.metadata = { ...named.metadata, namespace };
  }
  const complete = defaulted(cluster, type, named);
  check(type, complete);
  return complete;
}

function withName(cluster: SimulatedCluster, type: ResourceType, object: NewObject): NewObject {
  const { name, generateName } = object.metadata;
  if (name !== undefined && name !== '') return object;
  if (generateName === undefined || generateName === '') {
    throw invalid(type, '', [
      { ...required('metadata.name'), message: 'Required value: name or generateName is required' },
    ]);
  }
  return { ...object, metadata: { ...object.metadata, name: `${generateName}${cluster.random.suffix(5)}` } };
}

/** What is checked beside the shape: a small, honest part of the real validation. */
export function check(type: ResourceType, object: NewObject): void {
  const name = object.metadata.name ?? '';
  const causes: FieldCause[] = [];
  if (!dnsName.test(name) && !type.group.startsWith('rbac.')) {
    causes.push({
      reason: 'FieldValueInvalid',
      message: `Invalid value: ${JSON.stringify(name)}: ${nameRule}`,
      field: 'metadata.name',
    });
  }
  if (type.id === 'pods') causes.push(...podCauses(object, 'spec'));
  if (isWorkload(type)) {
    const labels = recordAt(object, 'spec.template.metadata.labels');
    const selector = recordAt(object, 'spec.selector.matchLabels');
    if (!isFields(at(object, 'spec.selector'))) causes.push(required('spec.selector'));
    else if (Object.entries(selector).some(([key, value]) => labels[key] !== value)) {
      causes.push({
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``,
        field: 'spec.template.metadata.labels',
      });
    }
    causes.push(...podCauses(object, 'spec.template.spec'));
  }
  if (causes.length > 0) throw invalid(type, name, causes);
}

function isWorkload(type: ResourceType): boolean {
  return type.group === 'apps' && type.kind !== 'ControllerRevision';
}

function podCauses(object: NewObject, path: string): FieldCause[] {
  const containers = listAt(object, `${path}.containers`);
  if (containers.length === 0) return [required(`${path}.containers`)];
  return containers.flatMap((container, index) => [
    ...(textAt(container, 'name') === '' ? [required(`${path}.containers[${index}].name`)] : []),
    ...(textAt(container, 'image') === '' ? [required(`${path}.containers[${index}].image`)] : []),
  ]);
}

/** Fields that an update may not change. */
export function checkImmutable(type: ResourceType, before: Fields, after: NewObject): void {
  if (!isWorkload(type) && type.id !== 'jobs.batch') return;
  const [old, wanted] = [JSON.stringify(at(before, 'spec.selector')), JSON.stringify(at(after, 'spec.selector'))];
  if (old === wanted) return;
  const message = `Invalid value: ${wanted}: field is immutable`;
  throw invalid(type, after.metadata.name ?? '', [{ reason: 'FieldValueInvalid', message, field: 'spec.selector' }]);
}
