import { labelValue } from '../../kube/columns/labels.ts';
import { compilePattern, parseSelector } from '../resources/index.ts';
import type { GitSource, LabelRule } from './contract.ts';

/** What a set of labels is by a rule. */
export const verdicts = { unknown: 0, good: 1, missing: 2, value: 3 } as const;
export type Verdict = 1 | 2 | 3;

export interface CompiledRule {
  rule: LabelRule;
  /** Why it cannot be tested; it then breaks nothing. */
  problem: string;
  /** Of a labels cell. */
  test(labels: string): Verdict;
  /** By its name and its labels. */
  coversNamespace(name: string, labels: string): boolean;
  coversCluster(name: string): boolean;
}

export function compileRule(rule: LabelRule): CompiledRule {
  const { label, values, pattern } = rule;
  const allowed = new Set(values);
  const checked = pattern === '' ? undefined : compilePattern(pattern);
  const problem = checked !== undefined && 'problem' in checked ? checked.problem : '';
  // Checked above: it cannot run away, and a value has 63 characters at most. Values are told apart by case.
  const fits = pattern === '' || problem !== '' ? undefined : new RegExp(`^(?:${pattern})$`, 'u');
  const include = rule.namespaces.map(globTest);
  const exclude = rule.notNamespaces.map(globTest);
  const selects = rule.namespaceSelector.trim() === '' ? undefined : parseSelector(rule.namespaceSelector.trim());
  const clusters = rule.clusters.map(globTest);
  return {
    rule,
    problem,
    test(labels) {
      const value = labelValue(labels, label);
      if (value === undefined) return verdicts.missing;
      if (allowed.size > 0 && !allowed.has(value)) return verdicts.value;
      if (fits !== undefined && !fits.test(value)) return verdicts.value;
      return verdicts.good;
    },
    coversNamespace: (name, labels) =>
      (include.length === 0 || include.some((test) => test(name))) &&
      !exclude.some((test) => test(name)) &&
      (selects === undefined || selects(labels)),
    coversCluster: (name) => clusters.length === 0 || clusters.some((test) => test(name)),
  };
}

/** `team-*`: stars stand for anything, the rest for itself. */
function globTest(glob: string): (text: string) => boolean {
  const parts = glob.split('*');
  if (parts.length === 1) return (text) => text === glob;
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
    let at = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, at);
      if (found === -1 || found + part.length > text.length - last.length) return false;
      at = found + part.length;
    }
    return true;
  };
}

/** Who puts an object there, by the labels that Flux, Argo CD and Helm set. */
export function sourceOfLabels(labels: string): GitSource | null {
  const has = (key: string) => labelValue(labels, key) !== undefined;
  if (has('kustomize.toolkit.fluxcd.io/name') || has('helm.toolkit.fluxcd.io/name')) return 'flux';
  if (has('argocd.argoproj.io/instance')) return 'argocd';
  return labelValue(labels, 'app.kubernetes.io/managed-by') === 'Helm' ? 'helm' : null;
}
