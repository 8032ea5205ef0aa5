import { expect, test } from 'vitest';
import { remotePath } from './commands.ts';
import { containersOf, isWindows, type Pod } from './model.ts';

const pod: Pod = {
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    containers: [{ name: 'proxy' }, { name: 'main', stdin: true, tty: true }],
    initContainers: [{ name: 'prepare' }],
    ephemeralContainers: [{ name: 'debug-1' }],
  },
  status: {
    containerStatuses: [
      { name: 'main', state: { running: {} } },
      { name: 'proxy', state: { waiting: { reason: 'CrashLoopBackOff' } } },
    ],
    initContainerStatuses: [{ name: 'prepare', state: { terminated: { exitCode: 0 } } }],
  },
};

test.each([
  [undefined, 'proxy'],
  ['main', 'main'],
  ['nobody', 'proxy'],
])('with the annotation %s the default container is %s', (named, chosen) => {
  const annotations = named === undefined ? {} : { 'kubectl.kubernetes.io/default-container': named };
  const found = containersOf({ ...pod, metadata: { ...pod.metadata, annotations } });
  expect(found.filter((each) => each.default).map(({ name }) => name)).toEqual([chosen]);
});

test('containers come with what they are and how they are', () => {
  expect(containersOf(pod).map(({ name, kind, state }) => `${name} ${kind} ${state}`)).toEqual([
    'proxy container waiting',
    'main container running',
    'debug-1 ephemeral unknown',
    'prepare init terminated',
  ]);
  expect(containersOf({ metadata: { name: 'x', namespace: 'y' } })).toEqual([]);
});

test('a pod of Windows is known by either sign', () => {
  expect(isWindows(pod)).toBe(false);
  expect(isWindows({ ...pod, spec: { os: { name: 'windows' } } })).toBe(true);
  expect(isWindows({ ...pod, spec: { nodeSelector: { 'kubernetes.io/os': 'windows' } } })).toBe(true);
});

test('a command and names go into the address as they are', () => {
  const path = remotePath(
    'exec',
    { namespace: 'a b', name: 'web' },
    {
      container: 'main',
      command: ['sh', '-c', 'echo "a&b" #'],
      tty: true,
      stdin: true,
    },
  );
  const url = new URL(path, 'http://x');
  expect(url.pathname).toBe('/api/v1/namespaces/a%20b/pods/web/exec');
  expect(url.searchParams.getAll('command')).toEqual(['sh', '-c', 'echo "a&b" #']);
  expect(url.searchParams.get('stderr')).toBe('false');
});
