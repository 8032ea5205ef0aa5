import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import type { KubeContext } from './model.ts';

/** What is known of the file that a context comes from. */
export interface FileFacts {
  /** Others than the owner may read it. */
  worldReadable: boolean;
  /** Others than the owner may write in its folder. */
  folderWorldWritable: boolean;
}

/** Warnings about a context's connection, one sentence each, in the order of their weight. */
export function findRisks(context: Omit<KubeContext, 'risks'>, facts: FileFacts): string[] {
  const risks: string[] = [];
  const { address, auth } = context;
  if (address !== undefined) {
    const url = new URL(address.server);
    if (address.insecureSkipTlsVerify && url.protocol === 'https:') {
      risks.push('TLS is not verified (insecure-skip-tls-verify): anyone on the way can read and change what you do');
    }
    if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
      risks.push('The connection is not encrypted (http): credentials travel in the open');
    }
    if (address.proxyUrl !== undefined) {
      risks.push(`All traffic goes through the proxy ${withoutPassword(address.proxyUrl)} that the kubeconfig names`);
    }
    if (address.tlsServerName !== undefined && address.tlsServerName !== url.hostname) {
      risks.push(`The certificate is checked for "${address.tlsServerName}" instead of the server's own name`);
    }
    if (looksAlike(url.hostname)) risks.push('The server name mixes alphabets or has hidden characters: look closely');
  }
  for (const [what, name] of [
    ['context', context.context],
    ['cluster', context.cluster],
    ['user', context.user],
  ] as const) {
    if (looksAlike(name))
      risks.push(`The ${what} name mixes alphabets or has hidden characters: it may imitate another`);
  }
  const embedded =
    auth.token !== undefined ||
    auth.basic !== undefined ||
    auth.oidc !== undefined ||
    (auth.clientKey !== undefined && 'data' in auth.clientKey);
  if (embedded && facts.worldReadable) {
    risks.push('The file has credentials in it and other users of this computer may read it: chmod 600');
  }
  if (auth.tokenFile !== undefined) risks.push(`The token is read from ${auth.tokenFile}`);
  if (auth.oidc !== undefined) risks.push('auth-provider is a legacy way to sign in: an exec plugin replaces it');
  const { exec } = auth;
  if (exec !== undefined) {
    const hasSeparator = exec.command.includes('/') || exec.command.includes('\\');
    if (hasSeparator && !isAbsolute(exec.command) && facts.folderWorldWritable) {
      risks.push('The credential plugin is a relative path in a folder that everyone may write to: it will not be run');
    }
    if (looksAlike(exec.command)) risks.push("The credential plugin's name mixes alphabets or has hidden characters");
    for (const { name } of exec.env) {
      if (isHijackingVariable(name)) {
        risks.push(`The credential plugin's environment sets ${name}, which can make any program run foreign code`);
      }
    }
    if (/^(?:.*[/\\])?(?:sh|bash|zsh|dash|fish|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh)$/i.test(exec.command)) {
      risks.push('The credential plugin is a shell: read its arguments before you allow it');
    }
  }
  return risks;
}

/** Variables that make a loader, shell or interpreter run code of somebody's choice. */
export function isHijackingVariable(name: string): boolean {
  return (
    /^(LD_|DYLD_|BASH_FUNC_|GIT_SSH|GIT_CONFIG|npm_config_)/i.test(name) ||
    /^(PATH|IFS|ENV|BASH_ENV|PROMPT_COMMAND|ZDOTDIR|NODE_OPTIONS|NODE_PATH|PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|PERL5LIB|PERL5OPT|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GCONV_PATH|ELECTRON_RUN_AS_NODE)$/i.test(
      name,
    )
  );
}

/** True when a name has invisible or direction-changing characters, or letters of another alphabet beside Latin ones. */
export function looksAlike(name: string): boolean {
  // Punycode is how a foreign host name arrives here: the URL parser has already turned it into ASCII.
  if (/(^|\.)xn--/.test(name)) return true;
  if (/[\p{Cf}\p{Cc}\p{Zl}\p{Zp}\u00a0\u115f\u1160\u3164\uffa0]/u.test(name)) return true;
  // Full-width and mathematical letters look like plain ones and are none.
  if (/[\uff01-\uff5e]|[\u{1d400}-\u{1d7ff}]/u.test(name)) return true;
  const latin = /\p{Script=Latin}/u.test(name);
  return latin && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u.test(name)
    ? true
    : /^[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(name) && onlyConfusables(name);
}

/** A name wholly of Cyrillic or Greek letters that all look Latin, such as `асе`: no word, but a disguise. */
function onlyConfusables(name: string): boolean {
  return /^[асеорхуіјѕһԁԛԝАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοv\-_.0-9]+$/u.test(name);
}

export function isLoopback(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (bare === 'localhost' || bare.endsWith('.localhost')) return true;
  if (isIP(bare) === 4) return bare.startsWith('127.');
  return bare === '::1';
}

/** A URL fit to be shown. */
export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  return parsed.href.replace(/\/$/, '');
}
