import type { Engine, Part } from './contract.ts';

export const application = 'applications.argoproj.io';
export const kustomization = 'kustomizations.kustomize.toolkit.fluxcd.io';
export const helmRelease = 'helmreleases.helm.toolkit.fluxcd.io';
export const helmChart = 'helmcharts.source.toolkit.fluxcd.io';

export interface GitopsKind {
  id: string;
  engine: Engine;
  /** Absent for what is delivered itself. */
  family?: Part['family'];
}

/** Every kind that is read. Deliveries stand first: they are what is looked at. */
export const gitopsKinds: readonly GitopsKind[] = [
  { id: application, engine: 'argocd' },
  { id: kustomization, engine: 'flux' },
  { id: helmRelease, engine: 'flux' },
  { id: 'applicationsets.argoproj.io', engine: 'argocd', family: 'set' },
  { id: 'appprojects.argoproj.io', engine: 'argocd', family: 'project' },
  { id: 'gitrepositories.source.toolkit.fluxcd.io', engine: 'flux', family: 'source' },
  { id: 'ocirepositories.source.toolkit.fluxcd.io', engine: 'flux', family: 'source' },
  { id: 'helmrepositories.source.toolkit.fluxcd.io', engine: 'flux', family: 'source' },
  { id: helmChart, engine: 'flux', family: 'source' },
  { id: 'buckets.source.toolkit.fluxcd.io', engine: 'flux', family: 'source' },
  { id: 'externalartifacts.source.toolkit.fluxcd.io', engine: 'flux', family: 'source' },
  { id: 'imagerepositories.image.toolkit.fluxcd.io', engine: 'flux', family: 'image' },
  { id: 'imagepolicies.image.toolkit.fluxcd.io', engine: 'flux', family: 'image' },
  { id: 'imageupdateautomations.image.toolkit.fluxcd.io', engine: 'flux', family: 'image' },
];

const sources: Record<string, string> = {
  GitRepository: 'gitrepositories.source.toolkit.fluxcd.io',
  OCIRepository: 'ocirepositories.source.toolkit.fluxcd.io',
  HelmRepository: 'helmrepositories.source.toolkit.fluxcd.io',
  HelmChart: helmChart,
  Bucket: 'buckets.source.toolkit.fluxcd.io',
  ExternalArtifact: 'externalartifacts.source.toolkit.fluxcd.io',
};

/** Kind id of what a `sourceRef` names; undefined for a kind that is not known. */
export function sourceKind(kind: string): string | undefined {
  return sources[kind];
}
