import type { Source } from '../contract.ts';

/** What a project says of the minor releases of Kubernetes that a version of it supports or is tested with. */
export interface AddonVersion {
  /** Versions that begin so: `3.5` for all of 3.5. */
  version: string;
  from: number;
  /** null: no upper end is said. */
  to: number | null;
}

export interface Addon {
  id: string;
  name: string;
  /** Of the image's name, without registry and tag. */
  image: RegExp;
  /** The add-on's version is this label's, where its images have versions of their own. */
  label?: string;
  /** Newest first. Empty: the project says nothing that could be held against a version. */
  versions: readonly AddonVersion[];
  /** What is said beside it. */
  note?: string;
  source: Source;
}

const rows = (lines: readonly (readonly [string, number, number | null])[]): AddonVersion[] =>
  lines.map(([version, from, to]) => ({ version, from, to }));

/** Each with the page that says so, and the day of what was read. What is not in here is called unknown. */
export const addons: readonly Addon[] = [
  {
    id: 'argo-cd',
    name: 'Argo CD',
    image: /(^|\/)argocd$/,
    versions: rows([
      ['3.5', 33, 36],
      ['3.4', 32, 35],
      ['3.3', 32, 35],
      ['3.2', 31, 34],
      ['3.1', 31, 34],
    ]),
    source: {
      title: 'Argo CD: tested versions',
      url: 'https://argo-cd.readthedocs.io/en/release-3.5/operator-manual/tested-kubernetes-versions/',
      date: '2026-08-22',
    },
  },
  {
    id: 'flux',
    name: 'Flux',
    image: /(^|\/)fluxcd\/(source|kustomize|helm|notification)-controller$/,
    label: 'app.kubernetes.io/version',
    versions: rows([
      ['2.9', 33, 36],
      ['2.8', 33, 35],
      ['2.7', 32, 34],
      ['2.6', 31, 33],
      ['2.5', 30, 32],
    ]),
    source: {
      title: 'Flux: versions of its conformance tests (.github/workflows/conformance.yaml of each release)',
      url: 'https://github.com/fluxcd/flux2/blob/v2.9.4/.github/workflows/conformance.yaml',
      date: '2026-08-07',
    },
  },
  {
    id: 'istio',
    name: 'Istio',
    image: /(^|\/)istio\/pilot$|(^|\/)istio-release\/pilot$/,
    versions: rows([
      ['1.30', 32, 36],
      ['1.29', 31, 35],
      ['1.28', 30, 34],
      ['1.27', 29, 33],
      ['1.26', 29, 33],
    ]),
    source: {
      title: 'Istio: support status of releases',
      url: 'https://istio.io/latest/docs/releases/supported-releases/',
      date: '2026-07-01',
    },
  },
  {
    id: 'cert-manager',
    name: 'cert-manager',
    image: /(^|\/)cert-manager-controller$/,
    versions: rows([
      ['1.20', 32, 35],
      ['1.19', 31, 35],
      ['1.18', 29, 33],
    ]),
    source: {
      title: 'cert-manager: supported releases',
      url: 'https://cert-manager.io/docs/releases/',
      date: '2026-03-10',
    },
  },
  {
    id: 'kube-prometheus',
    name: 'kube-prometheus (Prometheus operator)',
    image: /(^|\/)prometheus-operator$/,
    versions: [],
    note: 'Its releases name the supported versions (release-0.18: 1.33 to 1.36), but which release is installed cannot be seen.',
    source: {
      title: 'kube-prometheus: compatibility',
      url: 'https://github.com/prometheus-operator/kube-prometheus#compatibility',
      date: '2026-08-10',
    },
  },
  {
    id: 'karpenter',
    name: 'Karpenter (AWS)',
    image: /(^|\/)karpenter\/controller$/,
    versions: rows([
      ['1.11', 29, 35],
      ['1.10', 29, 35],
      ['1.9', 29, 35],
      ['1.8', 29, 34],
      ['1.7', 29, 34],
      ['1.6', 29, 34],
      ['1.5', 29, 33],
      ['1.4', 29, 32],
      ['1.3', 29, 32],
    ]),
    source: { title: 'Karpenter: compatibility', url: 'https://endoflife.date/karpenter', date: '2026-04-09' },
  },
];
