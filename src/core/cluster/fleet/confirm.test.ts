import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Authenticator } from '../../kube/auth/index.ts';
import type { KubeContext } from '../../kube/kubeconfig/index.ts';
import { agreed, confirmed, pluginQuestion, sourceQuestion } from './confirm.ts';

const consent = {
  command: 'aws',
  resolved: '/usr/bin/aws',
  searched: [],
  args: ['eks', 'get-token', '--x\n\u202e'],
  env: [{ name: 'AWS_PROFILE', value: 'prod' }],
  hash: 'h',
};

it('S5 asks in words that nothing can hide in', () => {
  const { detail } = pluginQuestion(consent);
  expect(detail).toContain('/usr/bin/aws eks get-token --x\\u{a}\\u{202e}');
  expect(detail).toContain('AWS_PROFILE=prod');
  expect(pluginQuestion(consent).hashes).toEqual(['h']);
});

it('S5 tells which files pasted text would send to which servers, however it is written', () => {
  const text = stringify(
    {
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server: 'https://evil.example.com' } }],
      users: [{ name: 'u', user: { tokenFile: '/home/me/.ssh/id_ed25519' } }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    },
    { collectionStyle: 'flow' },
  );
  const { detail } = sourceQuestion({ text });
  expect(detail).toContain('https://evil.example.com');
  expect(detail).toContain('/home/me/.ssh/id_ed25519');
  expect(sourceQuestion({ text }).hashes).toEqual(sourceQuestion({ text }).hashes);
  expect(sourceQuestion({ text: `${text} ` }).hashes).not.toEqual(sourceQuestion({ text }).hashes);
});

it('S5 does nothing without a yes, and does not ask where nobody can', async () => {
  const question = () => pluginQuestion(consent);
  await expect(agreed(async () => false, question)).rejects.toMatchObject({ code: 'cancelled' });
  await expect(agreed(async () => true, question)).resolves.toBeUndefined();
  await expect(agreed(undefined, () => expect.fail('asked nobody'))).resolves.toBeUndefined();
});

it('S5 approves a plugin only once the user agreed, also among several, and shows no secret of its variables', async () => {
  const approved: string[] = [];
  const context = { id: 'a' } as KubeContext;
  const secret = { ...consent, env: [...consent.env, { name: 'PLUGIN_TOKEN', value: 'hunter2hunter2' }] };
  const authenticator = {
    missingConsent: async () => secret,
    approve: async (_context: KubeContext, hash: string) => void approved.push(hash),
    approveAll: async (wanted: readonly { hash: string }[]) => void approved.push(...wanted.map(({ hash }) => hash)),
  } as unknown as Authenticator;
  const asked: string[] = [];
  let answer = false;
  const guarded = confirmed(authenticator, async ({ detail }) => {
    asked.push(detail);
    return answer;
  });
  await expect(guarded.approve(context, 'h')).rejects.toMatchObject({ code: 'cancelled' });
  await expect(guarded.approveAll([{ context, hash: 'h' }])).rejects.toMatchObject({ code: 'cancelled' });
  expect(approved).toEqual([]);
  answer = true;
  await guarded.approve(context, 'h');
  await guarded.approveAll([{ context, hash: 'h' }]);
  expect(approved).toEqual(['h', 'h']);
  expect(asked).toHaveLength(4);
  expect(asked.join()).not.toContain('hunter2');
  expect((await guarded.missingConsent(context))?.env).toEqual([
    { name: 'AWS_PROFILE', value: 'prod' },
    { name: 'PLUGIN_TOKEN', value: '[redacted]' },
  ]);
  // What would not be run anyway is refused below, without a question.
  await guarded.approve(context, 'other');
  expect(asked).toHaveLength(4);
});
