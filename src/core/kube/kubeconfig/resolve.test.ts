import { expect, it } from 'vitest';
import { base64, fixture, pem } from './fixtures.ts';
import type { KubeContext } from './model.ts';
import { parseKubeconfig } from './parse.ts';
import { proxyFromEnvironment } from './proxy.ts';
import { type ConfigFile, resolveFile, resolveMerged } from './resolve.ts';

function file(path: string, text: string, facts = { worldReadable: false, folderWorldWritable: false }): ConfigFile {
  const folder = path === 'pasted' ? '' : path.slice(0, path.lastIndexOf('/'));
  return { parsed: parseKubeconfig(text, folder), source: path, key: path, sourceId: path, facts, demo: false };
}

function only(text: string, path = '/home/me/.kube/config', facts?: ConfigFile['facts']): KubeContext {
  const contexts = resolveFile(file(path, text, facts));
  expect(contexts).toHaveLength(1);
  return contexts[0] as KubeContext;
}

it('reads every field of a cluster and a user', () => {
  const context = only(
    fixture({
      namespace: 'team-a',
      server: 'https://api.example.com:6443/k8s/clusters/c-1/',
      cluster: {
        'certificate-authority-data': base64(pem('CERTIFICATE')),
        'tls-server-name': 'kubernetes',
        'proxy-url': 'socks5://127.0.0.1:1080',
        'disable-compression': true,
      },
      user: {
        'client-certificate-data': base64(pem('CERTIFICATE')),
        'client-key': 'keys/me.key',
        as: 'jane',
        'as-uid': '7',
        'as-groups': ['ops', 'dev'],
        'as-user-extra': { reason: ['incident'] },
      },
    }),
  );
  expect(context).toMatchObject({
    context: 'dev',
    cluster: 'dev',
    user: 'dev-user',
    namespace: 'team-a',
    problem: undefined,
    address: {
      server: 'https://api.example.com:6443/k8s/clusters/c-1',
      ca: { data: pem('CERTIFICATE') },
      tlsServerName: 'kubernetes',
      proxyUrl: 'socks5://127.0.0.1:1080',
      insecureSkipTlsVerify: false,
      disableCompression: true,
    },
    auth: {
      clientCertificate: { data: pem('CERTIFICATE') },
      clientKey: { file: '/home/me/.kube/keys/me.key' },
      impersonate: { user: 'jane', uid: '7', groups: ['ops', 'dev'], extra: { reason: ['incident'] } },
    },
  });
});

it('reads an exec plugin, with its cluster’s configuration in JSON’s own types', () => {
  const context = only(
    fixture({
      cluster: {
        extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x', retries: 3, on: true } }],
      },
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1',
          command: './bin/login',
          args: ['--level', 1, true],
          env: [{ name: 'REGION', value: 'eu' }],
          installHint: 'brew install login',
          provideClusterInfo: true,
          interactiveMode: 'Never',
        },
      },
    }),
  );
  expect(context.auth.exec).toEqual({
    apiVersion: 'client.authentication.k8s.io/v1',
    command: './bin/login',
    args: ['--level', '1', 'true'],
    env: [{ name: 'REGION', value: 'eu' }],
    installHint: 'brew install login',
    provideClusterInfo: true,
    interactiveMode: 'Never',
    folder: '/home/me/.kube',
    clusterConfig: { audience: 'x', retries: 3, on: true },
  });
});

it('keeps names as they are written, whatever YAML makes of them', () => {
  const text = `{kind: Config, clusters: [{name: 0123, cluster: {server: "https://a"}}], users: [],
    contexts: [{name: 1e3, context: {cluster: 0123}}, {name: no, context: {cluster: 0123}}, {name: 2026-01-01, context: {cluster: 0123}}]}`;
  const contexts = resolveFile(file('/k/config', text));
  expect(contexts.map((context) => [context.context, context.problem])).toEqual([
    ['1e3', undefined],
    ['no', undefined],
    ['2026-01-01', undefined],
  ]);
});

it('understands anchors and merge keys as people use them', () => {
  const text = `
shared: &shared
  certificate-authority-data: ${base64(pem('CERTIFICATE'))}
clusters:
- name: a
  cluster: {<<: *shared, server: "https://a.example.com"}
- name: b
  cluster: {<<: *shared, server: "https://b.example.com"}
users: [{name: u, user: &u {token: t}}, {name: v, user: *u}]
contexts: [{name: a, context: {cluster: a, user: u}}, {name: b, context: {cluster: b, user: v}}]
`;
  const contexts = resolveFile(file('/k/config', text));
  expect(contexts.map((context) => [context.address?.server, context.auth.token])).toEqual([
    ['https://a.example.com', 't'],
    ['https://b.example.com', 't'],
  ]);
});

const broken: [string, string, RegExp][] = [
  ['no such cluster', 'contexts: [{name: x, context: {cluster: nope, user: u}}]', /names the cluster "nope"/],
  [
    'no such user',
    'clusters: [{name: c, cluster: {server: "https://a"}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]',
    /names the user "u"/,
  ],
  ['no server', fixture({ cluster: { server: '' } }), /has no server/],
  ['a foreign scheme', fixture({ server: 'file:///etc/passwd' }), /not an http or https URL/],
  ['a password in the URL', fixture({ server: 'https://me:pw@a' }), /user name or password/],
  ['a broken CA', fixture({ cluster: { 'certificate-authority-data': '%%%' } }), /not base64 of PEM/],
  ['a foreign proxy', fixture({ cluster: { 'proxy-url': 'ftp://x' } }), /proxy-url/],
  ['a flag that is none', fixture({ cluster: { 'insecure-skip-tls-verify': 'maybe' } }), /insecure-skip-tls-verify/],
  ['two ways at once', fixture({ user: { token: 't', username: 'u', password: 'p' } }), /only one may be/],
  ['a certificate without a key', fixture({ user: { 'client-certificate': 'x.pem' } }), /without its key/],
  ['groups without a user', fixture({ user: { 'as-groups': ['x'] } }), /impersonates groups/],
  ['a removed provider', fixture({ user: { 'auth-provider': { name: 'gcp' } } }), /removed in 1.26/],
  [
    'an old plugin',
    fixture({ user: { exec: { apiVersion: 'client.authentication.k8s.io/v1alpha1', command: 'x' } } }),
    /v1alpha1/,
  ],
  [
    'v1 without a mode',
    fixture({ user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x' } } }),
    /interactiveMode/,
  ],
  ['no command', fixture({ user: { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1' } } }), /no command/],
];
it.each(broken)('says what is wrong: %s', (_, text, message) => {
  const context = only(text);
  expect(context.problem?.message).toMatch(message);
  expect(context.problem?.hint).not.toBe('');
});

it('does not let a broken context hide the others, and never quotes a secret', () => {
  const text = `${fixture({ contexts: ['good'] })}`.replace(
    'contexts:',
    'extra: 1\ncontexts:\n  - {name: bad, context: {cluster: missing, user: good-user}}\n  - {name: odd, context: [1]}\n  - {context: {}}\n  - 7',
  );
  const contexts = resolveFile(file('/k/config', text));
  expect(contexts.map((context) => [context.context, context.problem === undefined])).toEqual([
    ['bad', false],
    ['odd', false],
    ['good', true],
  ]);
  expect(JSON.stringify(contexts.map((context) => [context.problem, context.risks]))).not.toContain('made-up-token');
});

it('merges a list as kubectl does: the first entry of a name wins, and entries may come from other files', () => {
  const a = file(
    '/a/config',
    `{users: [{name: u, user: {tokenFile: from-a}}], contexts: [{name: x, context: {cluster: c, user: u}}]}`,
  );
  const b = file(
    '/b/config',
    `{clusters: [{name: c, cluster: {server: "https://b", certificate-authority: ca.pem}}],
      users: [{name: u, user: {token: from-b}}], contexts: [{name: y, context: {cluster: c, user: u}}]}`,
  );
  const [x, y] = resolveMerged([a, b]);
  expect(x).toMatchObject({ context: 'x', source: '/a/config', auth: { tokenFile: '/a/from-a', token: undefined } });
  expect(x?.address).toMatchObject({ server: 'https://b', ca: { file: '/b/ca.pem' } });
  expect(y).toMatchObject({ context: 'y', source: '/b/config', auth: { tokenFile: '/a/from-a' } });
});

it('keeps contexts of one name apart when they lead to different clusters, and shows a repeated one once', () => {
  const a = file('/a/config', fixture({ contexts: ['default'], server: 'https://a' }));
  const b = file('/b/config', fixture({ contexts: ['default'], server: 'https://b', user: { token: 'b' } }));
  const c = file('/c/config', fixture({ contexts: ['default'], server: 'https://a' }));
  const contexts = resolveMerged([a, b, c]);
  expect(contexts.map((context) => [context.source, context.address?.server, context.auth.token])).toEqual([
    ['/a/config', 'https://a', 'made-up-token'],
    ['/b/config', 'https://b', 'b'],
  ]);
  expect(new Set(contexts.map((context) => context.id)).size).toBe(2);
});

it('gives ids that do not depend on what else there is', () => {
  const text = fixture({ contexts: ['arn:aws:eks:eu-1:1:cluster/Prod'] });
  const [alone] = resolveFile(file('/a/config', text));
  const merged = resolveMerged([file('/z/config', fixture()), file('/a/config', text)]);
  expect(alone?.id).toMatch(/^arn-aws-eks-eu-1-1-cluster-prod-[0-9a-f]{8}$/);
  expect(merged.map((context) => context.id)).toContain(alone?.id);
});

it('does not guess what a relative path in pasted text means', () => {
  const context = only(fixture({ user: { tokenFile: 'token' } }), 'pasted');
  expect(context.problem?.message).toMatch(/relative path/);
});

const risky: [string, Parameters<typeof fixture>[0], RegExp][] = [
  ['TLS not verified', { cluster: { 'insecure-skip-tls-verify': true } }, /TLS is not verified/],
  ['plain http', { server: 'http://10.0.0.1' }, /not encrypted/],
  ['a proxy', { cluster: { 'proxy-url': 'http://me:pw@proxy:3128' } }, /me:\*\*\*@proxy/],
  ['another server name', { cluster: { 'tls-server-name': 'evil' } }, /"evil"/],
  ['a credential others may read', {}, /chmod 600/],
  ['a token file', { user: { tokenFile: '/etc/shadow' } }, /\/etc\/shadow/],
  ['a look-alike name', { contexts: ['prоd'] }, /mixes alphabets/],
  ['an invisible character', { contexts: ['prod\u200b'] }, /hidden characters/],
  ['a look-alike host', { server: 'https://аpi.example.com' }, /server name/],
  [
    'a loader variable',
    {
      user: {
        exec: {
          apiVersion: 'client.authentication.k8s.io/v1beta1',
          command: 'aws',
          env: [{ name: 'LD_PRELOAD', value: '/tmp/x.so' }],
        },
      },
    },
    /LD_PRELOAD/,
  ],
  [
    'a shell as plugin',
    { user: { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: '/bin/sh' } } },
    /is a shell/,
  ],
  [
    'a relative plugin',
    { user: { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command: './x' } } },
    /will not be run/,
  ],
];
it.each(risky)('warns of %s', (_, options, message) => {
  const context = only(fixture(options), '/tmp/config', { worldReadable: true, folderWorldWritable: true });
  expect(context.problem).toBeUndefined();
  expect(context.risks.join('\n')).toMatch(message);
});

it('has no warning about an ordinary context', () => {
  expect(only(fixture()).risks).toEqual([]);
  expect(only(fixture({ server: 'http://127.0.0.1:8001' })).risks).toEqual([]);
  expect(only(fixture({ contexts: ['Größe-дев'] })).risks).toHaveLength(3);
  expect(only(fixture({ contexts: ['café'] })).risks).toEqual([]);
});

it.each([
  ['https://a.example.com', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1'],
  ['https://a.example.com', { https_proxy: 'p:1' }, 'http://p:1'],
  ['http://a.example.com', { HTTPS_PROXY: 'http://p:1' }, undefined],
  ['https://127.0.0.1:6443', { HTTPS_PROXY: 'http://p:1' }, undefined],
  ['https://localhost', { HTTPS_PROXY: 'http://p:1' }, undefined],
  ['https://a.example.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x.com, example.com' }, undefined],
  ['https://a.example.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.com:6443' }, 'http://p:1'],
  ['https://badexample.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'example.com' }, 'http://p:1'],
  ['https://10.1.2.3:6443', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, undefined],
  ['https://[fd00::1]', { HTTPS_PROXY: 'http://p:1', no_proxy: 'fd00::/8' }, undefined],
  ['https://11.1.2.3', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '10.0.0.0/8' }, 'http://p:1'],
  ['https://a.example.com', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
] as const)('takes the proxy of the environment for %s with %j', (server, env, proxy) => {
  expect(proxyFromEnvironment(server, env)).toBe(proxy);
});
