import { createHash } from 'node:crypto';
import { KubeSageError } from '../../kernel/errors.ts';
import { type Authenticator, redact } from '../../kube/auth/index.ts';
import { type KubeContext, parseKubeconfig } from '../../kube/kubeconfig/index.ts';
import type { ExecConsent } from './contract.ts';

/** A question that the host asks the user outside of the page, so that a page that was taken over cannot answer it. */
export interface Question {
  message: string;
  detail: string;
  /** What is agreed to: hashes of plugins, or SHA-256 of a path or of pasted text. Tells questions apart. */
  hashes: readonly string[];
}

/** Resolves with whether the user agreed. */
export type Confirm = (question: Question) => Promise<boolean>;

/** Throws `cancelled` when the user does not agree. Without a host that asks, the page's own question is the only one. */
export async function agreed(confirm: Confirm | undefined, question: () => Question): Promise<void> {
  if (confirm === undefined || (await confirm(question()))) return;
  throw new KubeSageError('cancelled', 'It was not allowed', { hint: 'Nothing was changed.' });
}

interface Approval {
  context: KubeContext;
  hash: string;
}

/**
 * An authenticator whose plugins are shown without the secrets in their variables, and are approved only once the user
 * agreed outside of the page. Several that are approved at once are one question, which names every one of them.
 */
export function confirmed(authenticator: Authenticator, confirm: Confirm | undefined): Authenticator {
  const ask = async (wanted: readonly Approval[]): Promise<void> => {
    if (confirm === undefined) return;
    const questions: Question[] = [];
    for (const { context, hash } of wanted) {
      const consent = await authenticator.missingConsent(context);
      // What is not as it was shown is refused by the authenticator, without asking.
      if (consent?.hash === hash) questions.push(pluginQuestion(shown(consent)));
    }
    const [first] = questions;
    if (first === undefined) return;
    const detail = [...new Set(questions.map((question) => question.detail))].join('\n\n');
    const hashes = [...new Set(questions.flatMap((question) => question.hashes))];
    await agreed(confirm, () => ({ message: first.message, detail, hashes }));
  };
  return {
    ...authenticator,
    async missingConsent(context) {
      const consent = await authenticator.missingConsent(context);
      return consent === null ? null : shown(consent);
    },
    async approve(context, hash) {
      await ask([{ context, hash }]);
      await authenticator.approve(context, hash);
    },
    async approveAll(wanted) {
      await ask(wanted);
      await authenticator.approveAll(wanted);
    },
  };
}

/** A variable that is a secret, by its name or its shape, is part of the hash and never shown. */
function shown<C extends Pick<ExecConsent, 'env'>>(consent: C): C {
  const env = consent.env.map(({ name, value }) => {
    const line = `${name}=${value}`;
    return { name, value: redact(line) === line ? value : '[redacted]' };
  });
  return { ...consent, env };
}

export function pluginQuestion({
  command,
  resolved,
  args,
  env,
  hash,
}: Pick<ExecConsent, 'command' | 'resolved' | 'args' | 'env' | 'hash'>): Question {
  const variables = env.map(({ name, value }) => `${name}=${value}`);
  return {
    message: 'Allow this program to run?',
    hashes: [hash],
    detail: [
      `The kubeconfig wants it for signing in. It may do whatever you may do.`,
      plain([resolved ?? command, ...args].join(' ')),
      ...(variables.length === 0 ? [] : [`with ${plain(variables.join(' '))}`]),
    ].join('\n\n'),
  };
}

/** Pasted text may name files whose contents would then be sent to a server that it names as well: both are told. */
export function sourceQuestion(input: { path: string } | { text: string }): Question {
  const message = 'Read this kubeconfig?';
  const hashes = [sha256('path' in input ? input.path : input.text)];
  if ('path' in input) return { message, detail: plain(input.path), hashes };
  const parsed = parseKubeconfig(input.text, '');
  const clusters = [...parsed.clusters.values()].map(({ value }) => value);
  const users = [...parsed.users.values()].map(({ value }) => value);
  const servers = clusters.map((each) => each?.server).filter((each) => each !== undefined);
  const files = [
    ...clusters.map((each) => each?.['certificate-authority']),
    ...users.flatMap((each) => [each?.['client-certificate'], each?.['client-key'], each?.tokenFile]),
  ].filter((each) => each !== undefined && each !== '');
  return {
    message,
    hashes,
    detail: [
      `It connects to ${plain([...new Set(servers)].slice(0, 10).join(', ')) || 'nothing'}`,
      ...(files.length === 0 ? [] : [`with what is in ${plain([...new Set(files)].slice(0, 10).join(', '))}`]),
    ].join('\n\n'),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Fit for a native dialog: no control or direction characters, and no flood. */
function plain(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (each) => `\\u{${each.codePointAt(0)?.toString(16)}}`);
  return shown.length > 1_500 ? `${shown.slice(0, 1_500)}… (too long to be shown: do not allow it)` : shown;
}
