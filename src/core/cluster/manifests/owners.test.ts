import { describe, expect, test } from 'vitest';
import type { KubeObject } from './model.ts';
import { conflictsOf, holderOf, ownerOf, sourceOf } from './owners.ts';

const object = (metadata: KubeObject['metadata']): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata });

describe('where an object comes from', () => {
  test.each<[string, KubeObject['metadata'], object | undefined]>([
    ['nothing', { labels: { 'app.kubernetes.io/instance': 'web' } }, undefined],
    [
      'a tracking id',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:a/b' } },
      { tool: 'argocd', kind: 'Application', name: 'shop', namespace: '' },
    ],
    [
      'one of an application in another namespace',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'team_shop:apps/Deployment:a/b' } },
      { tool: 'argocd', kind: 'Application', name: 'shop', namespace: 'team' },
    ],
    [
      'a label where Argo CD wrote',
      {
        labels: { 'app.kubernetes.io/instance': 'shop' },
        managedFields: [{ manager: 'argocd-controller' }],
      },
      { tool: 'argocd', kind: 'Application', name: 'shop', namespace: '' },
    ],
    [
      'a Kustomization',
      {
        labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
      },
      { tool: 'flux', kind: 'Kustomization', name: 'apps', namespace: 'flux-system' },
    ],
    [
      'a HelmRelease, though Helm has its marks there, too',
      {
        labels: { 'helm.toolkit.fluxcd.io/name': 'web', 'helm.toolkit.fluxcd.io/namespace': 'shop' },
        annotations: { 'meta.helm.sh/release-name': 'web' },
      },
      { tool: 'flux', kind: 'HelmRelease', name: 'web', namespace: 'shop' },
    ],
    [
      'a Helm release',
      { annotations: { 'meta.helm.sh/release-name': 'web', 'meta.helm.sh/release-namespace': 'shop' } },
      { tool: 'helm', kind: 'Release', name: 'web', namespace: 'shop' },
    ],
  ])('%s', (_, metadata, source) => {
    expect(sourceOf(object(metadata))).toEqual(source);
  });

  test('only a controller is an owner that overwrites', () => {
    const [plain, controller] = [
      { kind: 'Node', name: 'n' },
      { kind: 'ReplicaSet', name: 'web', controller: true },
    ];
    expect(ownerOf(object({ ownerReferences: [plain] }))).toBeUndefined();
    expect(ownerOf(object({ ownerReferences: [plain, controller] }))).toEqual({ kind: 'ReplicaSet', name: 'web' });
  });
});

describe('who holds a field', () => {
  const fields = [
    { manager: 'old', time: '2024-01-01T00:00:00Z', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    {
      manager: 'new',
      time: '2025-01-01T00:00:00Z',
      fieldsV1: { 'f:spec': { 'f:replicas': {}, 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } },
    },
    { manager: 'node', subresource: 'status', time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:spec': {} } },
  ];

  test('is the newest that wrote it, or something in it', () => {
    const at = Date.parse('2025-01-01T00:00:00Z');
    expect(holderOf(fields, ['spec', 'replicas'])).toEqual({ manager: 'new', at });
    expect(holderOf(fields, ['spec', 'containers', { name: 'web' }, 'image'])).toEqual({ manager: 'new', at });
    expect(holderOf(fields, ['spec', 'containers', { name: 'web' }])).toEqual({ manager: 'new', at });
    expect(holderOf(fields, ['spec', 'paused'])).toBeUndefined();
  });

  test('is read out of the causes of a refused apply', () => {
    const causes = [
      { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' },
      { reason: 'FieldValueInvalid', message: 'no', field: 'spec' },
    ];
    expect(conflictsOf(causes)).toEqual([{ manager: 'kubectl', field: '.spec.replicas' }]);
  });
});
