import type { z } from 'zod';
import { shapeOf } from '../../kube/auth/consent.ts';
import type { Authenticator } from '../../kube/auth/index.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import type { fleet } from './contract.ts';

export type ConsentGroup = z.output<(typeof fleet)['consents']['result']>['groups'][number];

/**
 * The contexts' plugins that are not approved, those together that are the same program called in the same way. A plugin
 * that is not found, or that may not be run from where it lies, is left out: opening its cluster says why.
 */
export async function groupConsents(
  authenticator: Pick<Authenticator, 'missingConsent'>,
  contexts: readonly { context: KubeContext; name: string; waits: boolean }[],
): Promise<ConsentGroup[]> {
  const groups = new Map<string, ConsentGroup>();
  for (const { context, name, waits } of contexts) {
    const consent = await authenticator.missingConsent(context).catch(() => null);
    if (consent === null || consent.resolved === null) continue;
    const { group, command, resolved, env, args, hash } = consent;
    let known = groups.get(group);
    if (known === undefined) {
      known = { group, command, resolved, env, shape: shapeOf(args), members: [] };
      groups.set(group, known);
    }
    known.members.push({ cluster: context.id, name, args, hash, waits });
  }
  return [...groups.values()];
}
