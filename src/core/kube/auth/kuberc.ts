import { readFile } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { KubeSageError } from '../../kernel/errors.ts';

/** What the user's kuberc says about credential plugins (Kubernetes 1.35 and later). */
export type PluginPolicy =
  | { policy: 'AllowAll' }
  | { policy: 'DenyAll'; file: string }
  | { policy: 'Allowlist'; file: string; commands: readonly string[] };

// 1.35 called an entry's field `name`, 1.36 renamed it to `command`.
const Kuberc = z.object({
  credentialPluginPolicy: z.enum(['', 'AllowAll', 'DenyAll', 'Allowlist']).nullish(),
  credentialPluginAllowlist: z
    .array(z.object({ command: z.string().min(1).optional(), name: z.string().min(1).optional() }))
    .nullish(),
});

/**
 * Reads the policy as kubectl does: from the file that KUBERC names (`off` for none), else from ~/.kube/kuberc. A file
 * that is there but cannot be understood rejects with `forbidden`, since guessing could allow what it forbids.
 */
export async function readPluginPolicy(
  env: Readonly<Record<string, string | undefined>>,
  homeFolder: string,
): Promise<PluginPolicy> {
  if (env.KUBERC === 'off') return { policy: 'AllowAll' };
  const file = env.KUBERC || join(homeFolder, '.kube', 'kuberc');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !env.KUBERC) return { policy: 'AllowAll' };
    throw unclear(file, 'it cannot be read', error);
  }
  const document = parseDocument(text, { logLevel: 'silent', prettyErrors: false });
  if (document.errors.length > 0) throw unclear(file, 'it is not valid YAML', document.errors[0]);
  const parsed = Kuberc.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (!parsed.success) throw unclear(file, 'its credentialPluginPolicy is not one that KubeSage knows', parsed.error);
  const { credentialPluginPolicy, credentialPluginAllowlist } = parsed.data;
  const policy = credentialPluginPolicy || 'AllowAll';
  if (policy !== 'Allowlist') {
    if (credentialPluginAllowlist != null) {
      throw unclear(file, `it has an allowlist, but its credentialPluginPolicy is ${policy}`, undefined);
    }
    return policy === 'DenyAll' ? { policy, file } : { policy };
  }
  const commands = (credentialPluginAllowlist ?? []).flatMap((entry) => entry.command ?? entry.name ?? []);
  if (commands.length === 0) throw unclear(file, 'its credentialPluginAllowlist is empty', undefined);
  return { policy, file, commands };
}

/**
 * Whether the policy lets a plugin run. An absolute entry allows that path; a bare name allows what it resolves to.
 * @param resolveName what a bare name of the allowlist means in PATH, or null.
 * @returns undefined when it may, else why not.
 */
export async function forbiddenBy(
  policy: PluginPolicy,
  resolved: string,
  resolveName: (name: string) => Promise<string | null>,
): Promise<string | undefined> {
  if (policy.policy === 'AllowAll') return undefined;
  if (policy.policy === 'DenyAll')
    return `${policy.file} forbids every credential plugin (credentialPluginPolicy: DenyAll)`;
  for (const command of policy.commands) {
    if (isAbsolute(command)) {
      if (command === resolved) return undefined;
    } else if (command === basename(command) && (await resolveName(command)) === resolved) return undefined;
  }
  return `${policy.file} does not have ${resolved} in its credentialPluginAllowlist`;
}

function unclear(file: string, why: string, cause: unknown): KubeSageError {
  return new KubeSageError('forbidden', `No credential plugin is run because of ${file}: ${why}`, {
    hint: 'Correct the file; `kubectl` reads the same one.',
    cause: cause instanceof KubeSageError ? cause : undefined,
  });
}
