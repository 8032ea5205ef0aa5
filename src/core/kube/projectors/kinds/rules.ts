import { columns, number, text } from '../kind.ts';

/** Roles and cluster roles. */
export const ruleFields = 'rules { verbs apiGroups resources nonResourceURLs }';

export interface Rule {
  verbs: readonly string[];
  apiGroups: readonly string[];
  resources: readonly string[];
  nonResourceURLs: readonly string[];
}

export const ruleColumns = columns({
  rules: number('Rules'),
  resources: text('Resources', 0, 260),
  verbs: text('Verbs', 0, 200),
  aggregated: number('Aggregated', 'flag', 1, 'Its rules come from other roles'),
});

function distinct(lists: readonly (readonly string[])[]): string {
  return [...new Set(lists.flat())].sort().join(',');
}

export function ruleResources(rules: readonly Rule[]): string {
  return distinct(
    rules.map(({ resources, apiGroups, nonResourceURLs }) => [
      ...resources.flatMap((resource) => apiGroups.map((group) => (group === '' ? resource : `${resource}.${group}`))),
      ...nonResourceURLs,
    ]),
  );
}

export function ruleVerbs(rules: readonly Rule[]): string {
  return distinct(rules.map(({ verbs }) => verbs));
}
