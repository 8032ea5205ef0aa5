import type { Implementations } from '../../kernel/contract.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import { createPermissions } from '../actions/index.ts';
import { checkConfirmed } from '../changes/index.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { TerminalTarget, terminal } from './contract.ts';
import { containersOf } from './model.ts';
import { readPod, type TerminalDeps } from './places.ts';
import { Sessions } from './sessions.ts';
import { TerminalSession } from './terminal.ts';
import { noLocalShells } from './ways.ts';
import { bestPod, isReady, podsOf, workloadKinds } from './workloads.ts';

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
  const { clock, fleet, removals } = deps;
  const sessions = new Sessions(clock);
  // A cluster that is protected now wants what is open in it recorded.
  const policy = fleet.onChange(() => {
    for (const session of sessions.all()) session.checkPolicy();
  });
  return {
    api: terminalApi(deps, sessions),
    async close() {
      policy.dispose();
      sessions.dispose();
      if (removals.size === 0) return;
      const late = new Promise<void>((resolve) => clock.after(closeMs, resolve));
      await Promise.race([Promise.allSettled([...removals]), late]);
    },
  };
}

function terminalApi(deps: TerminalDeps, sessions: Sessions): Implementations<typeof terminal> {
  const { fleet, changes, audit, clock } = deps;
  const permissions = createPermissions(fleet, clock);

  /** A shell can do anything: it asks for what a change of the object would. */
  const confirmationFor = (object: ObjectRef) =>
    changes.confirmation({ danger: false, steps: [{ object, perform: () => Promise.resolve(undefined) }] });

  return {
    async containers({ object }, { signal }) {
      const pod = await bestPod(fleet, checkedKind(object, ['pods', ...workloadKinds]), signal);
      return { containers: containersOf(await readPod(fleet, pod, signal)) };
    },
    async pods({ object }, { signal }) {
      const found = await podsOf(fleet, checkedKind(object, ['pods', ...workloadKinds]), signal);
      return {
        pods: found.map((pod) => ({
          name: pod.metadata.name,
          node: pod.spec?.nodeName ?? '',
          ready: isReady(pod),
        })),
      };
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
        local: deps.localShells === undefined ? { allowed: false, reason: noLocalShells().message } : { allowed: true },
        recorded: fleet.byId(cluster)?.protected === true,
        confirmation: confirmationFor(object),
      };
    },
    sessions: (_, { principal }) => ({ sessions: sessions.rows(principal) }),
    end({ session }, { principal }) {
      sessions.remove(sessions.find(session, principal));
      return {};
    },
    async open(input, send, { principal }) {
      if (input.session !== undefined) {
        const found = sessions.find(input.session, principal);
        return sessions.hold(found, found.takeUp(send, input.size));
      }
      const { object, mode } = input.target;
      checkedKind(object, kindsFor(mode));
      if (mode === 'local' && deps.localShells === undefined) throw noLocalShells();
      if (fleet.byId(object.cluster) === undefined) {
        throw new KubeSageError('notFound', `There is no cluster ${object.cluster}`);
      }
      checkConfirmed(confirmationFor(object), input.confirmed);
      await audit.ready();
      const session = new TerminalSession(deps, input, principal);
      sessions.add(session);
      return sessions.hold(session, session.start(send));
    },
  };
}

function kindsFor(mode: TerminalTarget['mode']): readonly string[] {
  if (mode === 'node') return ['nodes'];
  return mode === 'local' ? ['clusters'] : ['pods', ...workloadKinds];
}

function checkedKind(object: ObjectRef, kinds: readonly string[]): ObjectRef {
  if (kinds.includes(object.kind)) return object;
  const [first] = kinds;
  throw new KubeSageError('invalid', `A terminal of this sort is for ${first}, not for ${object.kind}`);
}
