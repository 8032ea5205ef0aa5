import type { ComponentRow, Finding, Phase, Step } from './contract.ts';
import { minorText } from './versions.ts';

interface Planned {
  minor: number;
  target: number;
  findings: readonly Finding[];
  components: readonly ComponentRow[];
  ticks: Readonly<Record<string, number>>;
}

/**
 * The steps of an upgrade in their order, one minor release after the other: what must be right before, the control plane,
 * the nodes, what is looked at after. Keys are the same in the next check, so that ticks stay.
 */
export function planSteps({ minor, target, findings, components, ticks }: Planned): Step[] {
  const steps: Step[] = [];
  const add = (
    to: number,
    phase: Phase,
    id: string,
    step: { title: string; why: string; findings?: readonly Finding[] },
  ) => {
    const key = `${to}/${phase}/${id}`;
    const about = step.findings ?? [];
    const state =
      step.findings === undefined
        ? 'manual'
        : about.some(({ severity }) => severity === 'blocker')
          ? 'blocked'
          : about.some(({ severity }) => severity === 'warning')
            ? 'warned'
            : 'clear';
    const { title, why } = step;
    steps.push({
      key,
      phase,
      to,
      title,
      why,
      findings: about.map((each) => each.key),
      state,
      ticked: ticks[key] ?? null,
    });
  };
  for (let to = minor + 1; to <= target; to++) {
    const first = to === minor + 1;
    // What counts from a release on is done before the hop to it; what counts always, before the first one.
    const now = findings.filter(({ at }) => (at === null || at <= minor ? first : at === to || (at > target && first)));
    const of = (...areas: Finding['area'][]) => now.filter(({ area }) => areas.includes(area));
    const here = `${minorText(to - 1)} to ${minorText(to)}`;
    if (first) {
      add(to, 'before', 'backup', {
        title: 'Take a backup of etcd, or see that the provider has one',
        why: 'A control plane cannot be brought back to an older minor release.',
      });
      add(to, 'before', 'patch', {
        title: `Bring everything to the newest patch of ${minorText(minor)}`,
        why: 'The skew policy recommends it: an upgrade then meets as few known defects as possible.',
      });
    }
    add(to, 'before', 'notes', {
      title: `Read the release notes of ${minorText(to)}`,
      why: `Urgent upgrade notes name what no tool can see: https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-${minorText(to)}.md`,
    });
    add(to, 'before', 'apis', {
      title: `Move clients and manifests off API versions that end with ${minorText(to)}`,
      why: 'From then on these versions are answered with an error.',
      findings: of('api'),
    });
    if (first) {
      add(to, 'before', 'hazards', {
        title: 'Remove what would stop the upgrade or hurt on the way',
        why: 'Drains, webhooks and aggregated APIs fail in the middle of an upgrade, when it is hardest to mend.',
        findings: now.filter(({ area }) => area === 'hazard' || area === 'support'),
      });
    }
    add(to, 'before', 'addons', {
      title: `Bring add-ons to versions that work with ${minorText(to)}`,
      why: 'What runs in the cluster speaks to its API, too.',
      findings: of('addon'),
    });
    const skew = now.filter(({ area, phase }) => area === 'skew' && phase !== 'nodes');
    add(to, 'before', 'skew', {
      title: 'See that all components are within the skew policy',
      why: 'What is too old for the new API server stops working with it.',
      findings: skew,
    });
    add(to, 'controlPlane', 'apiserver', {
      title: `Upgrade the API servers from ${here}`,
      why: 'They come first, one after the other: nothing else may be newer than they are.',
    });
    add(to, 'controlPlane', 'others', {
      title: `Upgrade controller manager, scheduler and cloud controller manager to ${minorText(to)}`,
      why: 'They may be one minor release older for a while, not newer.',
    });
    add(to, 'nodes', 'runtime', {
      title: `See that runtime and system of the nodes work with ${minorText(to)}`,
      why: 'A kubelet that cannot work with its node does not start.',
      findings: now.filter(({ area, phase }) => area === 'skew' && phase === 'nodes'),
    });
    const versions = components.filter(({ component }) => component === 'kubelet');
    const count = versions.reduce((sum, each) => sum + each.count, 0);
    add(to, 'nodes', 'kubelets', {
      title: `Drain and upgrade the nodes to ${minorText(to)}, pool by pool`,
      why: `${count} ${count === 1 ? 'node' : 'nodes'}: ${versions.map((each) => `${each.count} at ${each.version}`).join(', ') || 'none are known'}. Kubelets are not upgraded in place: each node is drained first.`,
      findings: drains(findings),
    });
    add(to, 'nodes', 'proxy', {
      title: `Upgrade kube-proxy and the network plugin to ${minorText(to)}`,
      why: 'They may be up to three minor releases older, not newer than the API server.',
    });
    add(to, 'after', 'health', {
      title: 'Look whether everything is well',
      why: 'Nodes ready, workloads available, no new warnings; then go on.',
    });
    add(to, 'after', 'check', {
      title: 'Check again here',
      why: 'The next hop is planned from what is then true.',
    });
  }
  return steps;
}

const drainHazards = ['budgetNever', 'budgetNow', 'bare', 'hostPath', 'localVolume', 'room'];

function drains(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ key }) => drainHazards.includes(key.replace('hazard/', '')));
}
