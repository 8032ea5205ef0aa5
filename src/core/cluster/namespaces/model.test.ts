import { describe, expect, test } from 'vitest';
import { TemplateBody } from './contract.ts';
import { networkDefault, quotaEffects, readUses, ruleText, selectorText, shareOf } from './model.ts';
import { templateObjects } from './objects.ts';
import { firstTemplates } from './templates.ts';

test('uses are read from the cells of a quota, whatever is counted', () => {
  expect(readUses('q', 'count/deployments.apps: 3/10, pods: 5/5, requests.cpu: 1500m/3')).toEqual([
    { quota: 'q', resource: 'count/deployments.apps', used: '3', hard: '10', share: 0.3 },
    { quota: 'q', resource: 'pods', used: '5', hard: '5', share: 1 },
    { quota: 'q', resource: 'requests.cpu', used: '1500m', hard: '3', share: 0.5 },
  ]);
  expect(readUses('q', '')).toEqual([]);
});

test('where nothing is allowed there is no share, and something used is all of it', () => {
  expect(shareOf('0', '0')).toBeNull();
  expect(shareOf('1', '0')).toBe(1);
  expect(shareOf('512Mi', '1Gi')).toBe(0.5);
});

describe('network default', () => {
  const policy = (types: string, ingress = 0, egress = 0, selector = '*') => ({ selector, types, ingress, egress });
  test.each([
    ['no policy', [], 'open', 'open'],
    ['one for some pods alone', [policy('Ingress,Egress', 0, 0, 'app=web')], 'open', 'open'],
    ['one that denies what comes in', [policy('Ingress')], 'denied', 'open'],
    ['one that denies both', [policy('Ingress,Egress')], 'denied', 'denied'],
    [
      'one that denies and one that lets DNS out',
      [policy('Ingress,Egress'), policy('Egress', 0, 1)],
      'denied',
      'limited',
    ],
  ] as const)('%s', (_, policies, ingress, egress) => {
    expect([networkDefault(policies, 'ingress'), networkDefault(policies, 'egress')]).toEqual([ingress, egress]);
  });
});

test("a quota's change is told resource by resource", () => {
  const effects = quotaEffects(
    { pods: '10', services: '5' },
    { pods: '4', 'requests.cpu': '2' },
    { pods: '6', services: '1' },
  );
  expect(effects).toEqual([
    { resource: 'pods', before: '10', after: '4', used: '6', state: 'over' },
    { resource: 'requests.cpu', before: '', after: '2', used: '', state: 'unknown' },
    { resource: 'services', before: '5', after: '', used: '1', state: 'removed' },
  ]);
  expect(quotaEffects({}, { pods: '6' }, { pods: '6' })[0]?.state).toBe('full');
});

test('rules in words', () => {
  expect(ruleText({ from: [{ podSelector: {} }] })).toBe('all pods of this namespace');
  expect(ruleText({ ports: [{ port: 80 }] })).toBe('everything on TCP 80');
  expect(
    ruleText({
      to: [
        { namespaceSelector: { matchLabels: { a: 'b' } }, podSelector: { matchLabels: { app: 'web' } } },
        { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
      ],
      ports: [{ protocol: 'UDP', port: 53, endPort: 55 }],
    }),
  ).toBe('pods app=web of namespaces a=b or 10.0.0.0/8 without 10.1.0.0/16 on UDP 53-55');
  expect(selectorText({ matchExpressions: [{ key: 'x', operator: 'In', values: ['a', 'b'] }] })).toBe('x in (a,b)');
});

test('a template makes the namespace first, then what is in it, with its name filled in', () => {
  const [team] = firstTemplates;
  const objects = templateObjects('shop', TemplateBody.parse(team?.body));
  expect(objects.map(({ object }) => `${object.kind} ${object.metadata.name}`)).toEqual([
    'Namespace shop',
    'ResourceQuota default-quota',
    'LimitRange default-limits',
    'NetworkPolicy default-deny',
    'NetworkPolicy allow-same-namespace',
    'NetworkPolicy allow-dns',
    'RoleBinding edit',
  ]);
  expect(objects[0].object.metadata.labels).toEqual({
    team: 'shop',
    'pod-security.kubernetes.io/enforce': 'baseline',
    'pod-security.kubernetes.io/warn': 'restricted',
    'pod-security.kubernetes.io/audit': 'restricted',
  });
  expect(objects.at(-1)?.object.subjects).toEqual([
    { kind: 'Group', name: 'shop', apiGroup: 'rbac.authorization.k8s.io' },
  ]);
});

test('an empty template makes a namespace and nothing else', () => {
  expect(templateObjects('bare', TemplateBody.parse({}))).toEqual([
    { kind: 'namespaces', object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'bare' } } },
  ]);
});
