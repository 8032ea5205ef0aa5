import { deleteObject } from '../../deletion.ts';
import { at, numberAt } from '../../objects.ts';
import { type ResourceCall, readBody, sendJson } from '../call.ts';
import { matchesLabels } from '../selectors.ts';
import { ApiError, notFound } from '../status.ts';

/** Answers an eviction: a delete that disruption budgets may refuse for now. */
export async function evict(call: ResourceCall): Promise<void> {
  await readBody(call);
  const { store } = call.cluster;
  const pod = store.object('pods', call.namespace, call.name);
  if (pod === undefined) throw notFound(call.type, call.name);
  for (const budget of store.objects('poddisruptionbudgets.policy', call.namespace)) {
    if (!matchesLabels(at(budget, 'spec.selector'), pod.metadata.labels)) continue;
    if (numberAt(budget, 'status.disruptionsAllowed') > 0) continue;
    throw new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
      causes: [
        {
          reason: 'DisruptionBudget',
          message: `The disruption budget ${budget.metadata.name} needs ${numberAt(budget, 'status.desiredHealthy')} healthy pods and has ${numberAt(budget, 'status.currentHealthy')} currently`,
        },
      ],
    });
  }
  deleteObject(call.cluster, 'pods', pod);
  sendJson(call, 201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}
