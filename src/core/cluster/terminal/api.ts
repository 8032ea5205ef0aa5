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

/** What a removal may take at the program's end. */
const closeMs = 3000;

export interface Terminals {
  readonly api: Implementations<typeof terminal>;
  /** Ends all of them; resolves when what they had made in clusters is removed, or after 3 s. */
  close(): Promise<void>;
}

export function createTerminals(options: Omit<TerminalDeps, 'removals'>): Terminals {
  const deps: TerminalDeps = { ...options, removals: new Set() };
  const { clock, removals } = deps;
  const sessions = new Set<TerminalSession>();
  return {
    api: terminalApi(deps, sessions),
    async close() {
      for (const session of sessions) session.dispose();
      if (removals.size === 0) return;
      const late = new Promise<void>((resolve) => clock.after(closeMs, resolve));
      await Promise.race([Promise.allSettled([...removals]), late]);
    },
  };
}

function terminalApi(deps: TerminalDeps, sessions: Set<TerminalSession>): Implementations<typeof terminal> {
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
      const session = new TerminalSession(deps, input, principal, send);
      sessions.add(session);
      return {
        receive: (message) => session.receive(message),
        dispose() {
          sessions.delete(session);
          session.dispose();
        },
      };
    },
  };
}

function onlyKind(object: ObjectRef, kind: string): ObjectRef {
  if (object.kind === kind) return object;
  throw new KubeSageError('invalid', `A terminal of this sort is for ${kind}, not for ${object.kind}`);
}
