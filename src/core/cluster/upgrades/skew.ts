import type { ComponentRow, NodeGroup, Source } from './contract.ts';
import type { ImageUse } from './evidence.ts';
import { imageParts, minorOf, minorText } from './versions.ts';

type Verdict = ComponentRow['now'];

/** How far a component may be behind the API server, in minor releases, and that it may not be ahead. */
interface Rule {
  behind(minor: number): number;
  text: string;
}

/** kubernetes.io, version skew policy: kubelet and kube-proxy up to three behind (two where they are older than 1.25). */
const nodeRule: Rule = {
  behind: (minor) => (minor < 25 ? 2 : 3),
  text: 'Up to three minor releases older than the API server (two where it is older than 1.25), never newer',
};
const controlRule: Rule = {
  behind: () => 1,
  text: 'The minor release of the API server; one older while it is being upgraded, never newer',
};
const serverRule: Rule = { behind: () => 1, text: 'All API servers within one minor release' };

/** By the last part of the image's name. */
const components: Record<string, Rule> = {
  'kube-apiserver': serverRule,
  'kube-controller-manager': controlRule,
  'kube-scheduler': controlRule,
  'cloud-controller-manager': controlRule,
  'kube-proxy': nodeRule,
};

/** Images of some providers are called otherwise: `eks/kube-proxy`, `gke-release/kube-proxy-amd64`. */
function componentOf(name: string): string | undefined {
  const last = name.split('/').at(-1) ?? '';
  return Object.keys(components).find((each) => last === each || last.startsWith(`${each}-`));
}

export function isComponent(image: string): boolean {
  return componentOf(imageParts(image).name) !== undefined;
}

/** Versions of everything of Kubernetes itself, against the API server as it is and as it will be. */
export function judgeSkew(
  { nodes, images }: { nodes: readonly NodeGroup[]; images: readonly ImageUse[] },
  { cluster, version, minor, target }: { cluster: string; version: string; minor: number; target: number },
): ComponentRow[] {
  const rows: ComponentRow[] = [
    {
      key: 'control plane',
      component: 'API server',
      version,
      count: 1,
      now: 'fine',
      later: target - minor > 1 ? 'behind' : 'fine',
      breaksAt: null,
      rule: 'One minor release at a time',
      objects: [],
    },
  ];
  const add = (component: string, rule: Rule, found: Pick<ComponentRow, 'version' | 'count' | 'objects'>) => {
    const key = `${component} ${found.version}`;
    const known = rows.find((row) => row.key === key);
    if (known !== undefined) {
      known.count += found.count;
      known.objects.push(...found.objects);
      return;
    }
    const own = minorOf(found.version);
    const judged = (server: number): Verdict => {
      if (own === undefined) return 'unknown';
      if (own > server || server - own > rule.behind(own)) return 'unsupported';
      return own < server ? 'behind' : 'fine';
    };
    const later = judged(target);
    // The first release of the way that it is too old for.
    const breaksAt =
      later !== 'unsupported' || own === undefined ? null : Math.max(minor + 1, own + rule.behind(own) + 1);
    rows.push({ ...found, key, component, now: judged(minor), later, breaksAt, rule: rule.text });
  };
  for (const { kubelet, count, names } of nodes) {
    const objects = names.map((name) => ({ cluster, kind: 'nodes', namespace: '', name }));
    add('kubelet', nodeRule, { version: kubelet, count, objects });
  }
  for (const { image, count, objects } of images) {
    const { name, tag } = imageParts(image);
    const known = componentOf(name);
    if (known !== undefined) add(known, components[known] as Rule, { version: tag, count, objects: [...objects] });
  }
  return rows;
}

/** What nodes have that a release of Kubernetes no longer works with. */
interface NodeRule {
  key: string;
  /** First minor release that it is true of. */
  from: number;
  applies(group: NodeGroup): boolean;
  severity: 'blocker' | 'warning' | 'note';
  title: string;
  why: string;
  action: string;
  source: Source;
}

export const nodeRules: readonly NodeRule[] = [
  {
    key: 'containerd1',
    from: 36,
    applies: ({ runtime }) => /^containerd:\/\/[01]\./.test(runtime),
    severity: 'blocker',
    title: `containerd 1.x on nodes: ${minorText(35)} was the last release that supports it`,
    why: `Kubelets from ${minorText(36)} on are made for and tested with containerd 2.x alone.`,
    action: 'Upgrade containerd to 2.0 or newer on these nodes before their kubelets.',
    source: {
      title: 'Amazon EKS: release notes of 1.35 (containerd 1.x end of support)',
      url: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html',
      date: '2026-03-01',
    },
  },
  {
    key: 'cgroup1',
    from: 35,
    applies: ({ cgroup }) => cgroup === 1,
    severity: 'blocker',
    title: `cgroup v1 on nodes: kubelets from ${minorText(35)} on do not start there`,
    why: 'The kubelet refuses a node with cgroup v1 unless its configuration says failCgroupV1: false.',
    action: 'Boot the nodes with cgroup v2, or set failCgroupV1: false for the time being.',
    source: {
      title: 'Kubernetes: about cgroup v2',
      url: 'https://kubernetes.io/docs/concepts/architecture/cgroups/',
      date: '2026-03-01',
    },
  },
  {
    key: 'dockershim',
    from: 24,
    applies: ({ runtime }) => runtime.startsWith('docker://'),
    severity: 'blocker',
    title: `Docker Engine as runtime: dockershim is gone from ${minorText(24)} on`,
    why: 'The kubelet no longer speaks to Docker Engine by itself.',
    action: 'Change these nodes to containerd or CRI-O, or install cri-dockerd.',
    source: {
      title: 'Kubernetes: dockershim removal',
      url: 'https://kubernetes.io/docs/tasks/administer-cluster/migrating-from-dockershim/',
      date: '2026-03-01',
    },
  },
];
