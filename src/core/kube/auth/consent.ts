import { createHash } from 'node:crypto';
import { z } from 'zod';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ExecSpec } from '../kubeconfig/model.ts';
import { type Executable, findExecutable } from './executable.ts';
import { forbiddenBy, type PluginPolicy } from './kuberc.ts';

/** Approvals as they are stored: the hash, and for people what it stands for. */
export const Approvals = z.object({
  approved: z.record(z.string(), z.object({ command: z.string(), at: z.number() })).default({}),
});
export type Approvals = z.output<typeof Approvals>;

/** The document that approvals are kept in, in the shape of platform/settings. */
export interface ApprovalStore {
  readonly value: Approvals;
  update(change: (value: Approvals) => Approvals): Promise<void>;
}

/** A plugin exactly as it would be run. The shape of the fleet contract's ExecConsent. */
export interface PluginConsent {
  command: string;
  resolved: string | null;
  searched: string[];
  args: string[];
  env: { name: string; value: string }[];
  installHint?: string;
  hash: string;
  /**
   * The same for plugins that are the same program with the same environment, and whose arguments differ in values only:
   * they can be decided on together. Says nothing about what may run: that is `hash` alone.
   */
  group: string;
}

/** Decides whether a plugin may run. Nothing runs that was not approved with exactly this command line and binary. */
export interface Consents {
  inspect(spec: ExecSpec): Promise<PluginConsent>;
  isApproved(consent: PluginConsent): boolean;
  /** Rejects with `conflict` when the plugin changed since it was shown, `notFound` when there is no such program. */
  approve(spec: ExecSpec, hash: string): Promise<void>;
  /** All of them or, when one is not as it was shown, none. Rejects as `approve`. */
  approveAll(wanted: readonly { spec: ExecSpec; hash: string }[]): Promise<void>;
  /**
   * The absolute path to run. Rejects with `forbidden` (not approved, or the policy or a world-writable folder is against
   * it) or `unauthenticated` (not found).
   */
  clear(spec: ExecSpec): Promise<string>;
}

export function createConsents(options: {
  approvals: ApprovalStore;
  searchPath: () => Promise<string>;
  policy: () => Promise<PluginPolicy>;
  now: () => number;
}): Consents {
  const { approvals, searchPath, policy, now } = options;

  const inspect = async (spec: ExecSpec): Promise<PluginConsent> => {
    const found = await findExecutable(spec, await searchPath());
    return {
      command: spec.command,
      resolved: found.path,
      searched: found.searched,
      args: [...spec.args],
      env: spec.env.map(({ name, value }) => ({ name, value })),
      ...(spec.installHint === undefined ? {} : { installHint: spec.installHint }),
      hash: hashOf(spec, found),
      group: groupOf(spec, found),
    };
  };
  const isApproved = (consent: PluginConsent) => Object.hasOwn(approvals.value.approved, consent.hash);

  const approveAll: Consents['approveAll'] = async (wanted) => {
    const added: Approvals['approved'] = {};
    for (const { spec, hash } of wanted) {
      const consent = await inspect(spec);
      if (consent.resolved === null) throw notFound(consent);
      if (consent.hash !== hash) {
        throw new KubeSageError('conflict', `The credential plugin "${spec.command}" changed since it was shown`, {
          hint: 'Look at it again, then decide.',
        });
      }
      added[hash] = { command: [consent.resolved, ...spec.args].join(' '), at: now() };
    }
    await approvals.update((value) => ({ ...value, approved: { ...value.approved, ...added } }));
  };

  return {
    inspect,
    isApproved,
    approve: (spec, hash) => approveAll([{ spec, hash }]),
    approveAll,
    async clear(spec) {
      const consent = await inspect(spec);
      if (consent.resolved === null) throw notFound(consent);
      const against = await forbiddenBy(await policy(), consent.resolved, async (name) => {
        const named = await findExecutable({ ...spec, command: name }, await searchPath());
        return named.path;
      });
      if (against !== undefined) {
        throw new KubeSageError('forbidden', `The credential plugin "${spec.command}" is not run: ${against}`, {
          hint: 'Allow it there if you trust it; kubectl follows the same file.',
        });
      }
      if (!isApproved(consent)) {
        throw new KubeSageError('forbidden', `The credential plugin "${spec.command}" needs your consent`, {
          hint: 'Look at the exact command and allow it. It is asked again when the command or the program changes.',
        });
      }
      return consent.resolved;
    },
  };
}

function hashOf(spec: ExecSpec, found: Executable): string {
  const exact = [
    spec.command,
    spec.args,
    spec.env.map(({ name, value }) => [name, value]),
    found.path,
    found.contentHash,
  ];
  return createHash('sha256').update(JSON.stringify(exact)).digest('hex');
}

function groupOf(spec: ExecSpec, found: Executable): string {
  const like = [
    spec.command,
    shapeOf(spec.args),
    spec.env.map(({ name, value }) => [name, value]),
    found.path,
    found.contentHash,
  ];
  return createHash('sha256').update(JSON.stringify(like)).digest('hex');
}

/** Arguments without the values of flags: `--region eu eks get-token --role=x` is `--region * eks get-token --role=*`. */
export function shapeOf(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const before = args[index - 1] ?? '';
    const flag = /^(--?[A-Za-z][\w.-]*)(=?)/.exec(arg);
    if (flag !== null) return flag[2] === '=' ? `${flag[1]}=*` : arg;
    return /^--?[A-Za-z][\w.-]*$/.test(before) ? '*' : arg;
  });
}

function notFound(consent: PluginConsent): KubeSageError {
  const where = consent.searched.length === 1 ? '' : ` in the ${consent.searched.length} folders of PATH`;
  return new KubeSageError('unauthenticated', `The credential plugin "${consent.command}" was not found${where}`, {
    hint: consent.installHint ?? 'Install it, or correct the path in the kubeconfig, then open the cluster again.',
  });
}
