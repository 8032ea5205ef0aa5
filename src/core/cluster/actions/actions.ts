import type { Clock } from '../../kernel/clock.ts';
import type { Implementations } from '../../kernel/contract.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import type { Tables } from '../../kube/columns/tables.ts';
import type { DiscoveredKind } from '../../kube/discovery/discovered.ts';
import type { Changes, Plan } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { objectPath } from '../resources/index.ts';
import { catalog } from './catalog/index.ts';
import type { actions } from './contract.ts';
import type { Action, KubeObject, Subject, Values } from './model.ts';
import { createPermissions } from './permissions.ts';
import { useless } from './standing.ts';

/** Objects that a preview asks about; of more, the rest is counted. */
const previewed = 20;

export interface ActionsOptions {
  fleet: OpenClusters;
  changes: Changes;
  tables: Tables;
  clock: Clock;
}

export function createActions({ fleet, changes, tables, clock }: ActionsOptions): Implementations<typeof actions> {
  const permissions = createPermissions(fleet, clock);

  function subjectOf(ref: ObjectRef): Subject {
    const cluster = fleet.byId(ref.cluster);
    if (cluster === undefined) throw new KubeSageError('notFound', `There is no cluster ${ref.cluster}`);
    const kindOf = (id: string): DiscoveredKind => {
      const kind = cluster.kinds.find((each) => each.id === id);
      if (kind !== undefined) return kind;
      throw new KubeSageError('notFound', `${cluster.name} does not serve ${id}`);
    };
    const kind = kindOf(ref.kind);
    return {
      ref,
      kind,
      path: objectPath(kind, ref.namespace, ref.name),
      async get<T>(path: string, signal?: AbortSignal) {
        const answer = await fleet.request(ref.cluster, {
          path,
          headers: { Accept: 'application/json' },
          ...(signal !== undefined && { signal }),
        });
        return JSON.parse(new TextDecoder().decode(answer.body)) as T;
      },
      pathOf(id, namespace, name) {
        const path = objectPath(kindOf(id), namespace, name ?? 'x');
        return name === undefined ? path.slice(0, -2) : path;
      },
    };
  }

  function planOf(action: Action, objects: readonly ObjectRef[], values: Values): Plan {
    const [first] = objects;
    const name = objects.length === 1 ? (first?.name ?? '') : `${objects.length} objects`;
    return {
      action: action.id,
      title: action.describe(name, values),
      danger: action.danger === true,
      steps: objects.map((object) => ({
        object,
        async perform(context) {
          const subject = subjectOf(object);
          for (const need of action.needs(subject.kind)) {
            const { allowed, reason } = await permissions.ask(object.cluster, need, object.namespace);
            if (!allowed) throw new KubeSageError('forbidden', reason ?? 'It is not allowed');
          }
          return action.perform(subject, values, context);
        },
      })),
    };
  }

  return {
    catalog: () => ({
      actions: catalog.map(({ id, title, kinds, bulk, danger, fields, when }) => ({
        id,
        title,
        kinds: [...(kinds ?? [])],
        bulk,
        danger: danger === true,
        plain: fields === undefined,
        ...(when !== undefined && { when: when.is }),
      })),
    }),
    async allowed({ cluster, kind, namespace, name = '' }) {
      const { kind: discovered } = subjectOf({ cluster, kind, namespace, name });
      const applicable = catalog.filter((action) => appliesTo(action, kind));
      return {
        actions: await Promise.all(
          applicable.map(async (action) => {
            const answers = await Promise.all(
              action.needs(discovered).map((need) => permissions.ask(cluster, need, namespace)),
            );
            return { id: action.id, ...(answers.find(({ allowed }) => !allowed) ?? { allowed: true }) };
          }),
        ),
      };
    },
    useless: ({ objects }) => ({ actions: useless({ tables, fleet }, catalog, objects) }),
    async form({ action: id, objects }) {
      const action = actionOf(id, objects);
      const [first] = objects as [ObjectRef];
      const subject = subjectOf(first);
      // A node is drained without being looked at, but a Deployment's replicas are to be shown.
      const object = objects.length === 1 ? await subject.get<KubeObject>(subject.path).catch(absentOnly) : undefined;
      return {
        fields: [...((await action.fields?.(subject, object)) ?? [])],
        notes: [...(action.notes?.(subject, object) ?? [])],
        confirmation: changes.confirmation(planOf(action, objects, {})),
      };
    },
    async preview({ action: id, objects, values }, { signal }) {
      const plan = planOf(actionOf(id, objects), objects, values);
      return {
        steps: await changes.preview({ ...plan, steps: plan.steps.slice(0, previewed) }, signal),
        more: Math.max(0, objects.length - previewed),
        confirmation: changes.confirmation(plan),
      };
    },
    run({ action: id, objects, values, confirmed }, { principal }) {
      return { run: changes.start(planOf(actionOf(id, objects), objects, values), { principal, confirmed }) };
    },
  };
}

function appliesTo(action: Action, kind: string): boolean {
  return action.kinds === undefined || action.kinds.includes(kind);
}

/** @throws KubeSageError `notFound` or `invalid` when it is not for these objects */
function actionOf(id: string, objects: readonly ObjectRef[]): Action {
  const action = catalog.find((each) => each.id === id);
  if (action === undefined) {
    throw new KubeSageError('notFound', `There is no action ${id}`, { hint: 'See actions.catalog.' });
  }
  const other = objects.find(({ kind }) => !appliesTo(action, kind));
  if (other !== undefined) throw new KubeSageError('invalid', `${action.title} is not for ${other.kind}`);
  if (objects.length > 1 && !action.bulk)
    throw new KubeSageError('invalid', `${action.title} is for one object at a time`);
  return action;
}

/** What may not be read may still be changed. */
function absentOnly(error: unknown): undefined {
  if (toErrorValue(error).code !== 'forbidden') throw error;
}
