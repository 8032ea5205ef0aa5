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
      ['1.21', 33, 36],
      ['1.20', 32, 35],
      ['1.19', 31, 35],
      ['1.18', 29, 33],
    ]),
    source: {
      title: 'cert-manager: supported releases (1.21 as quoted by github.com/Rusty-Gopher/kupre v0.3.0)',
      url: 'https://cert-manager.io/docs/releases/',
      date: '2026-10-22',
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
  {
    id: 'cilium',
    name: 'Cilium',
    image: /(^|\/)cilium\/cilium$/,
    versions: rows([['1.18', 30, 33]]),
    note: 'Its project calls versions that are not listed dependent on the compatibility of Kubernetes, not unsupported.',
    source: {
      title: 'Cilium: Kubernetes compatibility (of v1.18.14)',
      url: 'https://github.com/cilium/cilium/blob/v1.18.14/Documentation/network/kubernetes/compatibility.rst',
      date: '2026-10-01',
    },
  },
  {
    id: 'calico',
    name: 'Calico',
    image: /(^|\/)calico\/node$/,
    versions: rows([
      ['3.33', 35, 37],
      ['3.32', 34, 36],
      ['3.31', 32, 35],
    ]),
    source: {
      title: 'Calico: system requirements (as quoted by github.com/Rusty-Gopher/kupre v0.5.0)',
      url: 'https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements',
      date: '2026-10-22',
    },
  },
  {
    id: 'metrics-server',
    name: 'metrics-server',
    image: /(^|\/)metrics-server$/,
    versions: rows([
      ['0.8', 31, null],
      ['0.7', 27, null],
      ['0.6', 25, null],
    ]),
    source: {
      title: 'metrics-server: compatibility matrix',
      url: 'https://github.com/kubernetes-sigs/metrics-server#compatibility-matrix',
      date: '2026-02-01',
    },
  },
  {
    id: 'ingress-nginx',
    name: 'ingress-nginx',
    image: /(^|\/)ingress-nginx\/controller$/,
    versions: [],
    note: 'The project was retired in March 2026: no release after that is tested with a newer Kubernetes, or gets fixes.',
    source: {
      title: 'Amazon EKS: release notes of 1.35 (retirement of Ingress NGINX)',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html',
      date: '2026-03-01',
    },
  },
  ...(
    [
      [
        'coredns',
        'CoreDNS',
        /(^|\/)coredns$/,
        'https://github.com/coredns/deployment/blob/master/kubernetes/CoreDNS-k8s_version.md',
      ],
      [
        'external-dns',
        'ExternalDNS',
        /(^|\/)external-dns$/,
        'https://github.com/kubernetes-sigs/external-dns#kubernetes-version-compatibility',
      ],
      [
        'cluster-autoscaler',
        'Cluster Autoscaler',
        /(^|\/)cluster-autoscaler$/,
        'https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler#releases',
      ],
      [
        'aws-load-balancer-controller',
        'AWS Load Balancer Controller',
        /(^|\/)aws-load-balancer-controller$/,
        'https://kubernetes-sigs.github.io/aws-load-balancer-controller/',
      ],
      [
        'aws-ebs-csi-driver',
        'AWS EBS CSI driver',
        /(^|\/)aws-ebs-csi-driver$/,
        'https://github.com/kubernetes-sigs/aws-ebs-csi-driver#compatibility',
      ],
      [
        'aws-efs-csi-driver',
        'AWS EFS CSI driver',
        /(^|\/)aws-efs-csi-driver$/,
        'https://github.com/kubernetes-sigs/aws-efs-csi-driver#efs-csi-driver-on-kubernetes',
      ],
      [
        'amazon-vpc-cni',
        'Amazon VPC CNI',
        /(^|\/)amazon-k8s-cni$/,
        'https://docs.aws.amazon.com/eks/latest/userguide/managing-vpc-cni.html',
      ],
      [
        'gcp-pd-csi-driver',
        'GCP Persistent Disk CSI driver',
        /(^|\/)gcp-compute-persistent-disk-csi-driver$/,
        'https://github.com/kubernetes-sigs/gcp-compute-persistent-disk-csi-driver#kubernetes-compatibility',
      ],
      [
        'azuredisk-csi-driver',
        'Azure Disk CSI driver',
        /(^|\/)azuredisk-csi$/,
        'https://github.com/kubernetes-sigs/azuredisk-csi-driver#container-images--kubernetes-compatibility',
      ],
      [
        'azurefile-csi-driver',
        'Azure File CSI driver',
        /(^|\/)azurefile-csi$/,
        'https://github.com/kubernetes-sigs/azurefile-csi-driver#container-images--kubernetes-compatibility',
      ],
      [
        'kube-state-metrics',
        'kube-state-metrics',
        /(^|\/)kube-state-metrics$/,
        'https://github.com/kubernetes/kube-state-metrics#compatibility-matrix',
      ],
      ['kyverno', 'Kyverno', /(^|\/)kyverno\/kyverno$/, 'https://kyverno.io/docs/installation/#compatibility-matrix'],
      [
        'gatekeeper',
        'Gatekeeper',
        /(^|\/)openpolicyagent\/gatekeeper$/,
        'https://open-policy-agent.github.io/gatekeeper/website/docs/install/',
      ],
      [
        'external-secrets',
        'External Secrets',
        /(^|\/)external-secrets$/,
        'https://external-secrets.io/latest/introduction/stability-support/',
      ],
      [
        'velero',
        'Velero',
        /(^|\/)velero\/velero$/,
        'https://github.com/vmware-tanzu/velero#velero-compatibility-matrix',
      ],
      ['linkerd', 'Linkerd', /(^|\/)linkerd\/controller$/, 'https://linkerd.io/releases/'],
    ] as const
  ).map(([id, name, image, url]) => ({
    id,
    name,
    image,
    versions: [],
    note: 'What its project supports is not in the data of this program: look at its page.',
    source: { title: `${name}: where to look`, url, date: '2026-11-24' },
  })),
];
