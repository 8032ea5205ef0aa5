import type { Implementations } from '../../kernel/contract.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { createPermissions } from '../actions/index.ts';
import { checkConfirmed } from '../changes/index.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { terminal } from './contract.ts';
import { containersOf } from './model.ts';
import { readPod, type TerminalDeps } from './places.ts';
import { TerminalSession } from './terminal.ts';

const pods = { group: '', resource: 'pods' };

export function terminalApi(deps: TerminalDeps): Implementations<typeof terminal> {
  const { fleet, changes, audit, clock } = deps;
  const permissions = createPermissions(fleet, clock);

  /** A shell can do anything: it asks for what a change of the object would. */
  const confirmationFor = (object: ObjectRef) =>
    changes.confirmation({ danger: false, steps: [{ object, perform: () => Promise.resolve(undefined) }] });

  return {
    async containers({ object }, { signal }) {
      return { containers: containersOf(await readPod(fleet, onlyKind(object, 'pods'), signal)) };
    },
    async allowed({ cluster, namespace }) {
      const ask = (verb: string, subresource?: string) =>
        permissions.ask(cluster, { verb, ...pods, ...(subresource !== undefined && { subresource }) }, namespace);
      const [exec, attach, debug, create] = await Promise.all([
        ask('create', 'exec'),
        ask('create', 'attach'),
        ask('patch', 'ephemeralcontainers'),
        ask('create'),
      ]);
      const object = { cluster, kind: 'pods', namespace, name: '' };
      return {
        exec,
        attach,
        // Added, and then attached to; created, and then a shell in it.
        debug: debug.allowed ? attach : debug,
        node: create.allowed ? exec : create,
        confirmation: confirmationFor(object),
      };
    },
    async open(input, send, { principal }) {
      const { object, mode } = input.target;
      onlyKind(object, mode === 'node' ? 'nodes' : 'pods');
      if (fleet.byId(object.cluster) === undefined) {
        throw new KubeSageError('notFound', `There is no cluster ${object.cluster}`);
      }
      checkConfirmed(confirmationFor(object), input.confirmed);
      await audit.ready();
      return new TerminalSession(deps, input, principal, send);
    },
  };
}

function onlyKind(object: ObjectRef, kind: string): ObjectRef {
  if (object.kind === kind) return object;
  throw new KubeSageError('invalid', `A terminal of this sort is for ${kind}, not for ${object.kind}`);
}
