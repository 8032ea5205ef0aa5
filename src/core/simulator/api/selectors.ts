import { at, type KubeObject } from '../objects.ts';
import { badRequest } from './status.ts';

export type Predicate = (object: KubeObject) => boolean;

interface Requirement {
  key: string;
  operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt';
  values: readonly string[];
}

const keyPattern = /^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

/** Commas split requirements, except within parentheses. */
function splitRequirements(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index];
    if (letter === '(') depth++;
    else if (letter === ')') depth--;
    else if (letter === ',' && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function parseRequirement(text: string): Requirement {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set !== null) {
    const values = (set[3] ?? '').split(',').map((value) => value.trim());
    return checked({ key: set[1] ?? '', operator: set[2] === 'in' ? 'in' : 'notin', values }, text);
  }
  const compared = /^([^=!<>\s]+)\s*(!=|==|=|>|<)\s*(\S*)$/.exec(text);
  if (compared !== null) {
    const operators = { '!=': 'notin', '=': 'in', '==': 'in', '>': 'gt', '<': 'lt' } as const;
    const operator = operators[(compared[2] ?? '=') as keyof typeof operators];
    return checked({ key: compared[1] ?? '', operator, values: [compared[3] ?? ''] }, text);
  }
  if (text.startsWith('!')) return checked({ key: text.slice(1).trim(), operator: 'absent', values: [] }, text);
  return checked({ key: text, operator: 'exists', values: [] }, text);
}

function checked(requirement: Requirement, text: string): Requirement {
  if (keyPattern.test(requirement.key)) return requirement;
  throw badRequest(`unable to parse requirement: found '${text}', expected: identifier`);
}

function meets(requirement: Requirement, value: string | undefined): boolean {
  switch (requirement.operator) {
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notin':
      return value === undefined || !requirement.values.includes(value);
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'gt':
      return value !== undefined && Number(value) > Number(requirement.values[0]);
    case 'lt':
      return value !== undefined && Number(value) < Number(requirement.values[0]);
  }
}

/** `app=web,tier in (a, b),!canary`. */
export function labelPredicate(selector: string): Predicate {
  const requirements = splitRequirements(selector).map(parseRequirement);
  return (object) => {
    const labels = object.metadata.labels ?? {};
    return requirements.every((requirement) => meets(requirement, labels[requirement.key]));
  };
}

/** A manifest's `selector` (`matchLabels`, `matchExpressions`). */
export function matchesLabels(selector: unknown, labels: Record<string, string> | undefined): boolean {
  const wanted = at(selector, 'matchLabels');
  for (const [key, value] of Object.entries(wanted ?? {})) if (labels?.[key] !== value) return false;
  return true;
}

/** The fields that a kind can be selected by, beside name and namespace. A value is its text. */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'jobs.batch': ['status.successful'],
  'replicasets.apps': ['status.replicas'],
};

function fieldText(object: KubeObject, path: string): string {
  if (path === 'source') return String(at(object, 'source.component') ?? at(object, 'reportingComponent') ?? '');
  const value = at(object, path);
  if (value === undefined || value === null) {
    return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : '';
  }
  return String(value);
}

/** `spec.nodeName=a,status.phase!=Running`; an unknown field is a 400, as in the real server. */
export function fieldPredicate(selector: string, type: { id: string; apiVersion: string; kind: string }): Predicate {
  const terms = splitRequirements(selector).map((text) => {
    const term = /^([^=!]+)(!=|==|=)(.*)$/.exec(text);
    if (term === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${text}'`);
    const path = term[1] ?? '';
    const known = path === 'metadata.name' || path === 'metadata.namespace' || selectable[type.id]?.includes(path);
    if (known !== true) {
      throw badRequest(
        `Unable to find "${type.apiVersion}, Kind=${type.kind}" that match label selector "", field selector "${selector}": field label not supported: ${path}`,
      );
    }
    return { path, equal: term[2] !== '!=', value: term[3] ?? '' };
  });
  return (object) => terms.every((term) => (fieldText(object, term.path) === term.value) === term.equal);
}
