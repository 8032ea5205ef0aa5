import { judgeAddons } from './addons.ts';
import { judgeApis } from './apiUse.ts';
import type { AddonRow, ApiUse, ComponentRow, Finding, Evidence as Proof, Report } from './contract.ts';
import { apisOf } from './data/apis.ts';
import { guideSource, kubernetesReleases, lifecycleSource, releasesSource, skewSource } from './data/releases.ts';
import type { Evidence } from './evidence.ts';
import { planSteps } from './plan.ts';
import { judgeSkew, nodeRules } from './skew.ts';
import { minorOf, minorText } from './versions.ts';

export interface Subject {
  cluster: string;
  name: string;
  /** As it is now, which may be newer than the check. */
  version: string;
  target: number;
  nowMs: number;
  /** Steps that were ticked, with the moment. */
  ticks: Readonly<Record<string, number>>;
}

const mostEvidence = 100;

/** Everything that can be said of an upgrade, out of what a check has read. Undefined for a version that is none. */
export function judge(evidence: Evidence, subject: Subject): Omit<Report, 'changed'> | undefined {
  const { cluster, name, version, target, ticks } = subject;
  const minor = minorOf(version);
  if (minor === undefined) return undefined;
  const hop = { minor, target };
  const apis = judgeApis(evidence.uses, evidence.custom, hop);
  const components = judgeSkew(evidence, { cluster, version, ...hop });
  const addons = judgeAddons(evidence.images, hop);
  const findings = [
    ...supportFindings(minor, subject.nowMs),
    ...apiFindings(apis, evidence),
    ...skewFindings(components, hop),
    ...nodeFindings(evidence, cluster, hop),
    ...evidence.hazards,
    ...addonFindings(addons, hop),
    ...unseen(evidence),
  ].sort(bySeverity);
  return {
    cluster,
    name,
    version,
    minor,
    target,
    planned: target > apisOf,
    checkedAt: evidence.at,
    findings,
    apis,
    components,
    nodes: evidence.nodes,
    addons,
    readings: evidence.readings,
    steps: planSteps({ minor, target, findings, components, ticks }),
  };
}

const weight = { blocker: 0, warning: 1, note: 2 };

function bySeverity(a: Finding, b: Finding): number {
  return weight[a.severity] - weight[b.severity] || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

const monthMs = 30 * 24 * 3600 * 1000;
/** An end of support that is nearer than this is told. */
const endingMs = 3 * monthMs;

export function supportOf(
  minor: number,
  nowMs: number,
): { ends: string | null; state: 'supported' | 'ending' | 'ended' | 'unknown' } {
  const ends = kubernetesReleases.find(([each]) => each === minor)?.[2];
  if (ends === undefined) {
    const oldest = kubernetesReleases.at(-1)?.[0] ?? 0;
    return { ends: null, state: minor < oldest ? 'ended' : 'unknown' };
  }
  const leftMs = Date.parse(ends) - nowMs;
  return { ends, state: leftMs < 0 ? 'ended' : leftMs < endingMs ? 'ending' : 'supported' };
}

function supportFindings(minor: number, nowMs: number): Finding[] {
  const { ends, state } = supportOf(minor, nowMs);
  if (state !== 'ended' && state !== 'ending') return [];
  return [
    {
      key: 'support',
      area: 'support',
      severity: state === 'ended' ? 'warning' : 'note',
      title: `${minorText(minor)} ${state === 'ended' ? 'is no longer supported' : 'is soon no longer supported'}`,
      why: `The project ${state === 'ended' ? 'ended' : 'ends'} its fixes ${ends === null ? 'long ago' : `on ${ends}`}; providers may have dates of their own.`,
      action: 'Upgrade to a release that gets security fixes.',
      evidence: [],
      more: 0,
      source: releasesSource,
      phase: 'before',
      at: null,
    },
  ];
}

function apiFindings(apis: readonly ApiUse[], { custom }: Evidence): Finding[] {
  return apis.map((api) => {
    const { key, group, version, kind, deprecated, removed, replacement, severity, uses, more } = api;
    const name = `${group === '' ? '' : `${group}/`}${version} ${kind}`;
    const own = custom.find((each) => each.group === group && each.version === version && each.kind === kind);
    const what =
      removed !== null
        ? severity === 'warning'
          ? `was removed in ${minorText(removed)}`
          : `is removed in ${minorText(removed)}`
        : own !== undefined
          ? own.warning === ''
            ? 'is an old stored version'
            : 'is deprecated by its definition'
          : `is deprecated${deprecated === null ? '' : ` since ${minorText(deprecated)}`}`;
    const gone = severity === 'blocker' || severity === 'warning';
    return {
      key: `api/${key}`,
      area: 'api',
      severity,
      title: `${name} ${what}`,
      why:
        severity === 'blocker'
          ? 'Whoever asks for this version then gets an error; objects stay, and are served in newer versions.'
          : severity === 'warning'
            ? 'It is not served any more: whoever still writes this version fails already, or will with the next apply.'
            : (own?.warning ?? '') || 'It works for now, and answers with a warning.',
      action:
        replacement === ''
          ? 'Look in the migration guide for what to use instead.'
          : `Change manifests, charts and clients to ${replacement}.`,
      evidence: uses.slice(0, mostEvidence).map((use) => proofOf(use)),
      more: more + Math.max(0, uses.length - mostEvidence),
      source: own !== undefined ? undefined : gone ? guideSource : lifecycleSource,
      phase: 'before',
      at: removed,
    } satisfies Finding;
  });
}

const how = {
  fields: 'written by',
  applied: 'last applied with',
  helm: 'in the manifest of',
  metric: 'requested',
  stored: 'stored',
  served: 'served',
};

function proofOf({ via, object, text, writer, at }: ApiUse['uses'][number]): Proof {
  const when = at === null ? '' : ` on ${new Date(at).toISOString().slice(0, 10)}`;
  const by = via === 'metric' || via === 'stored' ? text : `${text}, ${how[via]} ${writer}${when}`;
  return { ...(object !== undefined && { object }), text: by };
}

function skewFindings(
  components: readonly ComponentRow[],
  { minor, target }: { minor: number; target: number },
): Finding[] {
  const found: Finding[] = [];
  for (const { key, component, version, count, now, later, breaksAt, rule, objects } of components) {
    if (component === 'API server') continue;
    const many = `${count} ${count === 1 ? 'instance' : 'instances'} of ${component} ${version}`;
    const common = {
      area: 'skew' as const,
      evidence: objects.slice(0, mostEvidence).map((object) => ({ object, text: version })),
      more: Math.max(0, count - Math.min(objects.length, mostEvidence)),
      source: skewSource,
    };
    if (now === 'unsupported') {
      found.push({
        ...common,
        key: `skew/now/${key}`,
        severity: 'blocker',
        title: `${many}: not supported with ${minorText(minor)}`,
        why: `${rule}.`,
        action: 'Bring it to the release of the control plane before anything else.',
        phase: 'before',
        at: null,
      });
    } else if (later === 'unsupported') {
      found.push({
        ...common,
        key: `skew/then/${key}`,
        severity: 'blocker',
        title: `${many}: not supported with ${minorText(breaksAt ?? target)}`,
        why: `${rule}.`,
        action: 'Upgrade these first, or with each hop.',
        phase: 'controlPlane',
        at: breaksAt ?? target,
      });
    } else if (now === 'unknown') {
      found.push({
        ...common,
        key: `skew/unknown/${key}`,
        severity: 'note',
        title: `${many}: its version cannot be read`,
        why: `${rule}.`,
        action: 'Look it up where it was installed from.',
        phase: 'before',
        at: null,
      });
    }
  }
  return found;
}

function nodeFindings(
  { nodes }: Evidence,
  cluster: string,
  { minor, target }: { minor: number; target: number },
): Finding[] {
  const found: Finding[] = [];
  for (const { key, from, applies, severity, title, why, action, source } of nodeRules) {
    const groups = nodes.filter((group) => applies(group));
    if (groups.length === 0 || target < from) continue;
    const evidence = groups.flatMap(({ names, runtime, os }) =>
      names.map((name) => ({ object: { cluster, kind: 'nodes', namespace: '', name }, text: `${runtime}, ${os}` })),
    );
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    found.push({
      key: `node/${key}`,
      area: 'skew',
      // Where it runs all the same, it is not the next upgrade that breaks it.
      severity: severity === 'blocker' && minor >= from ? 'warning' : severity,
      title,
      why,
      action,
      evidence: evidence.slice(0, mostEvidence),
      more: count - Math.min(evidence.length, mostEvidence),
      source,
      phase: 'nodes',
      at: from,
    });
  }
  return found;
}

function addonFindings(addons: readonly AddonRow[], { target }: { target: number }): Finding[] {
  const found: Finding[] = [];
  for (const { key, name, version, supports, verdict, breaksAt, advice, source, objects } of addons) {
    if (verdict === 'supported') continue;
    found.push({
      key: `addon/${key}`,
      area: 'addon',
      severity: verdict === 'unknown' ? 'note' : 'warning',
      title:
        verdict === 'unknown'
          ? `${name} ${version}: not known whether it works with ${minorText(target)}`
          : `${name} ${version} is not said to work with ${minorText(breaksAt ?? target)}`,
      why:
        verdict === 'unknown' ? 'This version is not in the data of this program.' : `Its project names ${supports}.`,
      action: advice === '' ? 'Look at its own pages.' : `${advice}.`.replace(/\.\.$/, '.'),
      evidence: objects.slice(0, mostEvidence).map((object) => ({ object, text: version })),
      more: 0,
      ...(source !== undefined && { source }),
      phase: 'before',
      at: breaksAt ?? target,
    });
  }
  return found;
}

/** What could not be looked at: a report without it would seem better than it is. */
function unseen({ readings }: Evidence): Finding[] {
  const missing = readings.filter(({ state }) => state === 'forbidden' || state === 'failed' || state === 'partly');
  if (missing.length === 0) return [];
  return [
    {
      key: 'unseen',
      area: 'hazard',
      severity: 'note',
      title: 'Not everything could be looked at',
      why: 'What could not be read may hide a blocker.',
      action: 'Check again as somebody who may read it.',
      evidence: missing.map(({ what, message }) => ({ text: `${what}: ${message}` })),
      more: 0,
      phase: 'before',
      at: null,
    },
  ];
}
