import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import type { Clock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { ExecSpec, KubeContext, OidcSpec } from '../kubeconfig/model.ts';
import type { ConnectionSpec, CredentialSource } from './connection.ts';
import { type ApprovalStore, createConsents, type PluginConsent } from './consent.ts';
import { execTimeoutMs, runExecPlugin } from './execPlugin.ts';
import { createStaticSource, LoginSource, readStaticProof } from './identity.ts';
import { readPluginPolicy } from './kuberc.ts';
import { refreshOidc, tokenEnd } from './oidc.ts';
import { createShellPath } from './shellPath.ts';
import { createTurns } from './turns.ts';

/** Gives every context its credentials. Contexts with the same user share one identity, and so one login. */
export interface Authenticator extends Disposable {
  /** @param connection where the credentials are for; exec plugins may ask. */
  sourceFor(context: KubeContext, connection: ConnectionSpec): CredentialSource;
  /** The plugin that has to be approved before the context can be opened; null when there is nothing to ask. */
  missingConsent(context: KubeContext): Promise<PluginConsent | null>;
  /** Rejects with `conflict` when what was shown is not what would run now. */
  approve(context: KubeContext, hash: string): Promise<void>;
  /** One decision about several contexts: all of what was shown, or none of it. Rejects as `approve`. */
  approveAll(wanted: readonly { context: KubeContext; hash: string }[]): Promise<void>;
  /** The user asks for another attempt: a failure that was remembered is forgotten. */
  forgive(context: KubeContext): void;
  /** What the server's clock says, milliseconds, so that expiry is judged by it. */
  observeServerTime(context: KubeContext, serverNowMs: number): void;
}

export interface AuthenticatorOptions {
  clock: Clock;
  env: Readonly<Record<string, string | undefined>>;
  homeFolder: string;
  approvals: ApprovalStore;
  /** Ask the login shell for its PATH (desktop), or take the process's own (server, tests). */
  askShell: boolean;
  execTimeoutMs?: number;
}

interface Identity {
  source: CredentialSource;
  login: LoginSource | undefined;
  skewMs: number;
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { clock, env, homeFolder } = options;
  const searchPath = createShellPath({ env, askShell: options.askShell });
  const consents = createConsents({
    approvals: options.approvals,
    searchPath,
    policy: () => readPluginPolicy(env, homeFolder),
    now: () => clock.now(),
  });
  const turns = createTurns();
  const identities = new Map<string, Identity>();
  /** By context id: which identity it had last. */
  const used = new Map<string, Identity>();

  const loginIdentity = (
    silent: boolean,
    login: (signal: AbortSignal) => ReturnType<typeof readStaticProof>,
  ): Identity => {
    const source = new LoginSource({
      clock,
      silent,
      skewMs: () => identity.skewMs,
      login: (signal) => turns.take(() => login(signal), signal),
    });
    const identity: Identity = { source, login: source, skewMs: 0 };
    return identity;
  };

  const execIdentity = (spec: ExecSpec, connection: ConnectionSpec) =>
    loginIdentity(spec.interactiveMode === 'Never', async (signal) => {
      const file = await consents.clear(spec);
      return runExecPlugin(spec, file, {
        clock,
        connection,
        env,
        searchPath: await searchPath(),
        timeoutMs: options.execTimeoutMs ?? execTimeoutMs,
        signal,
      });
    });

  const oidcIdentity = (spec: OidcSpec, who: string) => {
    let { refreshToken } = spec;
    // The written token is used while it lasts; from its first refusal or end on it is renewed.
    let written = spec.idToken;
    const identity: Identity = loginIdentity(true, async (signal) => {
      const given = written;
      written = undefined;
      const end = given === undefined ? undefined : tokenEnd(given);
      if (given !== undefined && end !== undefined && clock.now() + identity.skewMs < end - 10_000) {
        return { token: given, expiresAt: end };
      }
      if (refreshToken === undefined) {
        throw new KubeSageError(
          'unauthenticated',
          `The sign-in of user "${who}" has ended and cannot be renewed: there is no refresh-token`,
          {
            hint: 'Sign in again with the tool that made the kubeconfig.',
          },
        );
      }
      const tokens = await refreshOidc(spec, refreshToken, { env, signal });
      refreshToken = tokens.refreshToken;
      const expiresAt = tokenEnd(tokens.idToken);
      return { token: tokens.idToken, ...(expiresAt === undefined ? {} : { expiresAt }) };
    });
    return identity;
  };

  const identityOf = (context: KubeContext, connection: ConnectionSpec): Identity => {
    const { auth } = context;
    const key = identityKey(context, connection);
    let identity = identities.get(key);
    if (identity === undefined) {
      if (usesPlugin(context) && auth.exec !== undefined) identity = execIdentity(auth.exec, connection);
      else if (!hasStaticProof(context) && auth.oidc !== undefined) identity = oidcIdentity(auth.oidc, context.user);
      else {
        const source = createStaticSource(() => readStaticProof(auth), context.user);
        identity = { source, login: undefined, skewMs: 0 };
      }
      identities.set(key, identity);
    }
    used.set(context.id, identity);
    return identity;
  };

  const approveAll: Authenticator['approveAll'] = (wanted) =>
    consents.approveAll(
      wanted.map(({ context, hash }) => {
        const { exec } = context.auth;
        if (exec === undefined) {
          throw new KubeSageError('invalid', `The context "${context.context}" has no credential plugin`, {
            hint: 'There is nothing to allow.',
          });
        }
        return { spec: exec, hash };
      }),
    );

  return {
    sourceFor: (context, connection) => identityOf(context, connection).source,
    async missingConsent(context) {
      const { exec } = context.auth;
      if (exec === undefined || !usesPlugin(context)) return null;
      const consent = await consents.inspect(exec);
      return consents.isApproved(consent) ? null : consent;
    },
    approve: async (context, hash) => approveAll([{ context, hash }]),
    approveAll: async (wanted) => approveAll(wanted),
    forgive: (context) => used.get(context.id)?.login?.forgive(),
    observeServerTime(context, serverNowMs) {
      const identity = used.get(context.id);
      if (identity !== undefined) identity.skewMs = serverNowMs - clock.now();
    },
    dispose() {
      for (const identity of identities.values()) identity.login?.dispose();
      identities.clear();
      used.clear();
    },
  };
}

/**
 * The same for contexts that sign in the same way. Whom they impersonate does not matter, and of a plugin only what
 * decides about its answer: the cluster when it is told about it, the folder when its path starts from there.
 */
function identityKey(context: KubeContext, connection: ConnectionSpec): string {
  const { exec, oidc } = context.auth;
  let proof: unknown;
  if (usesPlugin(context) && exec !== undefined) {
    const { folder, clusterConfig, ...command } = exec;
    const isRelative = /[/\\]/.test(exec.command) && !isAbsolute(exec.command);
    proof = [command, isRelative ? folder : '', exec.provideClusterInfo ? [connection, clusterConfig] : ''];
  } else if (!hasStaticProof(context) && oidc !== undefined) proof = oidc;
  else {
    const { impersonate: _impersonate, ...written } = context.auth;
    proof = [written, context.id];
  }
  return createHash('sha256').update(JSON.stringify(proof)).digest('hex');
}

/** As client-go: a plugin is not asked when something static is there as well. */
function usesPlugin(context: KubeContext): boolean {
  return context.auth.exec !== undefined && !hasStaticProof(context);
}

function hasStaticProof({ auth }: KubeContext): boolean {
  return (
    auth.token !== undefined ||
    auth.tokenFile !== undefined ||
    auth.basic !== undefined ||
    auth.clientCertificate !== undefined
  );
}
