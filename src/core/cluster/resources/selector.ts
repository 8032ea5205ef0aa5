import { labelValue } from '../../kube/columns/labels.ts';

/**
 * A test for the labels column out of a selector as kubectl writes it: `app=web,tier in (a,b),env notin (x),key,!old`.
 * `*` selects everything, '' nothing. A part that can't be read selects nothing.
 */
export function parseSelector(text: string): (labels: string) => boolean {
  if (text === '') return () => false;
  if (text === '*') return () => true;
  const parts = text.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];
  const tests = parts.map(parseRequirement);
  return (labels) => tests.every((test) => test(labels));
}

function parseRequirement(part: string): (labels: string) => boolean {
  const set = /^(\S+) (in|notin) \(([^)]*)\)$/.exec(part.trim());
  if (set !== null) {
    const [, key, operator, list] = set;
    const values = (list as string).split(',').map((value) => value.trim());
    return (labels) => values.includes(labelValue(labels, key as string) ?? '\n') === (operator === 'in');
  }
  const equality = /^([^=!\s]+)(==|=|!=)(.*)$/.exec(part.trim());
  if (equality !== null) {
    const [, key, operator, value] = equality;
    return (labels) => (labelValue(labels, key as string) === value) === (operator !== '!=');
  }
  const existence = /^(!?)([^=!\s]+)$/.exec(part.trim());
  if (existence === null) return () => false;
  const [, negated, key] = existence;
  return (labels) => (labelValue(labels, key as string) !== undefined) === (negated === '');
}
