import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { redact } from './redact.ts';

/** Mulberry32: the corpus is the same on every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const random = seeded(20_250_101);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const run = (alphabet: string, length: number) => Array.from({ length }, () => pick([...alphabet])).join('');
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const base64 = `${base62}+/`;
const base64url = `${base62}-_`;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

/** Secrets by shape: [what must not be read, the text that it is in]. */
const shapes: readonly (() => [secret: string, text: string])[] = [
  () => {
    const token = `${encode({ alg: 'RS256', kid: run(base62, 8) })}.${encode({ sub: run(base62, 12), exp: 1 })}.${run(base64url, 80)}`;
    return [token.split('.')[2] ?? '', `error: token ${token} is expired`];
  },
  () => [pem.toString().split('\n')[1] ?? '', `loaded key:\n${pem}\nfailed`],
  () => [run(base64, 64), ''],
  () => {
    const key = `AKIA${run(upper, 16)}`;
    return [key, `InvalidClientTokenId: ${key} does not exist`];
  },
  () => {
    const key = run(base64, 40);
    return [key, `aws_secret_access_key = ${key}`];
  },
  () => {
    const token = `ghp_${run(base62, 36)}`;
    return [token, `remote: ${token} was refused`];
  },
  () => {
    const token = `glpat-${run(base64url, 20)}`;
    return [token, `401 for ${token}.`];
  },
  () => {
    const token = `ya29.${run(base64url, 60)}`;
    return [token, `{"access_token":"${token}"}`];
  },
  () => {
    const token = run(base62, 32);
    return [token, `Authorization: Bearer ${token}`];
  },
  () => {
    const password = run(base62, 12);
    return [password, `dial https://admin:${password}@proxy.example.com:3128 failed`];
  },
  () => {
    const password = run(`${base62}!#%`, 14);
    return [
      password,
      `${pick(['password', 'client_secret', 'api-key', 'AZURE_CLIENT_SECRET', 'refresh_token'])}=${password}`,
    ];
  },
  () => {
    const password = run(base62, 16);
    return [password, `{"${pick(['password', 'clientSecret', 'apiKey', 'id_token'])}": "${password}"}`];
  },
  () => {
    const token = run('0123456789abcdef', 64);
    return [token, `session ${token} ended`];
  },
  () => {
    const token = run(base64url, 64);
    return [token, `k8s-aws-v1.${token}`];
  },
];

it('S7 finds at least 99.9 % of secrets by their shape', () => {
  const missed: string[] = [];
  let count = 0;
  for (let turn = 0; turn < 10_000; turn++) {
    let [secret, text] = (shapes[turn % shapes.length] as (typeof shapes)[number])();
    if (text === '') text = `blob ${secret} end`;
    // Somewhere in a line, as a program prints it.
    const line = `${pick(['', '2025-01-01T10:00:00Z ', 'E0101 main.go:42] ', '  '])}${text}${pick(['', '\n', ', retrying', '"'])}`;
    count++;
    if (redact(line).includes(secret)) missed.push(line);
  }
  expect(missed.slice(0, 5)).toEqual(missed.length > count / 1000 ? [] : missed.slice(0, 5));
  expect(missed.length / count).toBeLessThanOrEqual(0.001);
});

it('S7 finds every given value, wherever it stands and whatever it looks like', () => {
  for (let turn = 0; turn < 2_000; turn++) {
    const value = run(`${base62} .*+?^$()[]{}|\\/-`, 6 + Math.floor(random() * 40));
    const text = `${run(base62, 5)}${value}${run(base62, 5)} and ${value}`;
    expect(redact(text, [value])).not.toContain(value);
  }
});

/** What people need to read, and what looks like a secret only to a careless eye. */
const harmless: readonly (() => string)[] = [
  () =>
    `Error from server (NotFound): pods "web-${run('bcdfghjklmnpqrstvwxz2456789', 10)}-${run('bcdfghjklmnpqrstvwxz2456789', 5)}" not found`,
  () => `dial tcp 10.${Math.floor(random() * 255)}.0.${Math.floor(random() * 255)}:6443: connect: connection refused`,
  () => `exec: "aws-iam-authenticator": executable file not found in $PATH`,
  () =>
    `open /home/user/.kube/cache/discovery/cluster_${Math.floor(random() * 9999)}/servergroups.json: no such file or directory`,
  () =>
    `An error occurred (ExpiredToken) when calling the AssumeRole operation: The security token included in the request is expired`,
  () => `uid ${crypto.randomUUID()} of namespace kube-system`,
  () =>
    `image registry.example.com/shop/web:v1.${Math.floor(random() * 99)}.0 pulled in ${Math.floor(random() * 9000)} ms`,
  () =>
    `x509: certificate is valid for kubernetes.default.svc.cluster.local, not api-${Math.floor(random() * 99)}.example.com`,
  () => `Unable to connect to the server: net/http: TLS handshake timeout`,
  () => `ERROR: (gcloud.config.config-helper) There was a problem refreshing your current auth tokens`,
  () => `Please run: az login --tenant contoso.onmicrosoft.com`,
  () => `resourceVersion ${Math.floor(random() * 1e9)} is too old`,
  () => `arn:aws:eks:eu-west-1:${run('0123456789', 12)}:cluster/production`,
  () =>
    `goroutine ${Math.floor(random() * 99)} [running]: main.main() /src/cmd/kubelogin/main.go:${Math.floor(random() * 500)} +0x1d`,
];

it('S7 leaves what is no secret readable: false positives are below 2 %', () => {
  const changed = new Set<string>();
  const count = 5_000;
  let wrong = 0;
  for (let turn = 0; turn < count; turn++) {
    const line = (harmless[turn % harmless.length] as (typeof harmless)[number])();
    if (redact(line) === line) continue;
    wrong++;
    changed.add(`${line} → ${redact(line)}`);
  }
  expect({ rate: wrong / count, changed: [...changed].slice(0, 5) }).toMatchObject({ rate: expect.closeTo(0, 1) });
  expect(wrong / count).toBeLessThan(0.02);
});

it('S7 survives any bytes', () => {
  for (let turn = 0; turn < 300; turn++) expect(typeof redact(randomBytes(500).toString('latin1'))).toBe('string');
});
