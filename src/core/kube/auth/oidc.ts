import { readFile } from 'node:fs/promises';
import { Agent, type Dispatcher, fetch, ProxyAgent } from 'undici';
import { z } from 'zod';
import { KubeSageError } from '../../kernel/errors.ts';
import type { OidcSpec } from '../kubeconfig/model.ts';
import { proxyFromEnvironment } from '../kubeconfig/proxy.ts';
import { isLoopback } from '../kubeconfig/risks.ts';

const Discovery = z.object({ issuer: z.string(), token_endpoint: z.string() });
const TokenAnswer = z.object({ id_token: z.string().optional(), refresh_token: z.string().optional() });
const TokenProblem = z.object({ error: z.string(), error_description: z.string().optional() });

const timeoutMs = 15_000;

export interface OidcTokens {
  idToken: string;
  /** The one to use next: providers may give a new one each time. */
  refreshToken: string;
}

/**
 * Gets a new id token with the refresh token. Neither is written to the kubeconfig, which belongs to the user, so that a
 * provider that changes the refresh token at each use asks for a new sign-in after KubeSage was closed.
 * @throws KubeSageError `unauthenticated` (the provider refused) or `unreachable`.
 */
export async function refreshOidc(
  spec: OidcSpec,
  refreshToken: string,
  options: { env: Readonly<Record<string, string | undefined>>; signal?: AbortSignal | undefined },
): Promise<OidcTokens> {
  const { env, signal } = options;
  const ca =
    spec.ca === undefined ? undefined : 'data' in spec.ca ? spec.ca.data : await readFile(spec.ca.file, 'utf8');
  const tls = ca === undefined ? {} : { ca };
  const proxy = URL.canParse(spec.issuer) ? proxyFromEnvironment(spec.issuer, env) : undefined;
  const agent = proxy === undefined ? new Agent({ connect: tls }) : new ProxyAgent({ uri: proxy, requestTls: tls });
  const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
  try {
    const discoveryUrl = `${spec.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
    requireHttps(discoveryUrl, 'idp-issuer-url');
    const answer = await fetch(discoveryUrl, { dispatcher: agent, signal: limit, redirect: 'error' });
    const discovery = Discovery.safeParse(await answer.json().catch(() => null));
    if (!answer.ok || !discovery.success) {
      throw new KubeSageError(
        'unauthenticated',
        `The identity provider ${spec.issuer} gives no OpenID configuration (${answer.status})`,
        {
          hint: 'Check idp-issuer-url in the kubeconfig.',
        },
      );
    }
    if (discovery.data.issuer.replace(/\/+$/, '') !== spec.issuer.replace(/\/+$/, '')) {
      throw new KubeSageError('unauthenticated', `${spec.issuer} says that it is another identity provider`, {
        hint: 'idp-issuer-url has to be exactly the issuer that the provider names.',
      });
    }
    requireHttps(discovery.data.token_endpoint, 'token_endpoint');
    return await redeem(spec, refreshToken, discovery.data.token_endpoint, agent, limit);
  } catch (error) {
    if (error instanceof KubeSageError) throw error;
    signal?.throwIfAborted();
    throw new KubeSageError('unreachable', `The identity provider ${spec.issuer} cannot be reached`, {
      hint: 'Check the network and the proxy, then open the cluster again.',
      cause: error,
    });
  } finally {
    await agent.close();
  }
}

async function redeem(
  spec: OidcSpec,
  refreshToken: string,
  endpoint: string,
  agent: Dispatcher,
  signal: AbortSignal,
): Promise<OidcTokens> {
  const ask = (inBody: boolean) => {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const headers: Record<string, string> = {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
    if (inBody || spec.clientSecret === undefined) {
      form.set('client_id', spec.clientId);
      if (spec.clientSecret !== undefined) form.set('client_secret', spec.clientSecret);
    } else {
      // RFC 6749, 2.3.1: both parts form-encoded before they are joined.
      const pair = `${encodeURIComponent(spec.clientId)}:${encodeURIComponent(spec.clientSecret)}`;
      headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
    }
    return fetch(endpoint, {
      method: 'POST',
      body: form.toString(),
      headers,
      dispatcher: agent,
      signal,
      redirect: 'error',
    });
  };
  // Providers differ in where they want the client's secret; both ways are tried, as golang.org/x/oauth2 does.
  let answer = await ask(false);
  if ((answer.status === 400 || answer.status === 401) && spec.clientSecret !== undefined) {
    await answer.arrayBuffer();
    answer = await ask(true);
  }
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) {
    const problem = TokenProblem.safeParse(body);
    const why = problem.success ? (problem.data.error_description ?? problem.data.error) : `HTTP ${answer.status}`;
    throw new KubeSageError(
      'unauthenticated',
      `The identity provider refused to renew the sign-in: ${why.slice(0, 200)}`,
      {
        hint: 'Sign in again with the tool that made the kubeconfig.',
      },
    );
  }
  const tokens = TokenAnswer.safeParse(body);
  if (!tokens.success || tokens.data.id_token === undefined) {
    throw new KubeSageError('unauthenticated', 'The identity provider gave no id token', {
      hint: 'The client needs the scope openid.',
    });
  }
  return { idToken: tokens.data.id_token, refreshToken: tokens.data.refresh_token ?? refreshToken };
}

/** When a JSON Web Token ends, milliseconds; undefined when it does not say so or is none. Its signature is the server's business. */
export function tokenEnd(token: string): number | undefined {
  const payload = token.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const exp = typeof claims === 'object' && claims !== null ? (claims as { exp?: unknown }).exp : undefined;
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}

function requireHttps(url: string, what: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback(parsed.hostname))) return;
  throw new KubeSageError('invalid', `${what} is not an https URL`, { hint: 'A sign-in is never sent unencrypted.' });
}
