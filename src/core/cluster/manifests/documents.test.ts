import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocuments } from './documents.ts';

const pod = (more = '') => `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n${more}`;

describe('readDocuments', () => {
  test('reads what kubectl reads: YAML 1.1 without times, JSON, several documents, lists', () => {
    const { documents, problems } = readDocuments(
      `# nothing\n---\n${pod('spec: { a: yes, b: 012, c: 2020-01-01, d: 12:30, e: "no" }\n')}---\n{"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}}\n---\napiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: Pod, metadata: { name: c } }\n`,
    );
    expect(problems).toEqual([]);
    expect(documents.map(({ object, line }) => [object.metadata.name, line])).toEqual([
      ['a', 3],
      ['b', 8],
      ['c', 13],
    ]);
    expect(documents[0]?.object.spec).toEqual({ a: true, b: 10, c: '2020-01-01', d: '12:30', e: 'no' });
  });

  test('says what is wrong, and where', () => {
    expect(readDocuments(`${pod()}---\nkind: Pod\nmetadata: { name: a }\n`).problems).toEqual([
      { line: 5, column: 1, message: 'apiVersion is missing' },
    ]);
    expect(readDocuments('apiVersion: v1\nkind: Pod\nmetadata: { name: 1 }\n').problems[0]?.message).toContain(
      'quotes',
    );
    expect(readDocuments('a: [1\nb: 2').problems[0]?.line).toBe(2);
    expect(readDocuments('just words').problems).toHaveLength(1);
    expect(readDocuments('').documents).toEqual([]);
  });

  test('finds the place of a field, or of what is nearest to it', () => {
    const [document] = readDocuments(pod('spec:\n  containers:\n    - name: x\n      image: 1\n')).documents;
    expect(document?.place('spec.containers[0].image')).toEqual({ line: 7, column: 7 });
    expect(document?.place('spec.containers[3].image')).toEqual({ line: 5, column: 3 });
    expect(document?.place('')).toEqual({ line: 1, column: 1 });
  });

  test('references that grow without end are refused', () => {
    const lines = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
    const text = pod(`spec:\n  ${['a0: &a0 [x]', ...lines.slice(1)].join('\n  ')}\n`);
    expect(readDocuments(text).problems[0]?.message).toMatch(/alias/i);
  });

  test('no text breaks it', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { documents, problems } = readDocuments(text);
        expect(documents.every(({ line }) => line >= 1)).toBe(true);
        expect(problems.every(({ line, column }) => line >= 1 && column >= 1)).toBe(true);
      }),
    );
  });
});
