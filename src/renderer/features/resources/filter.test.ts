import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyCompletion,
  fieldValue,
  highlightFilter,
  splitFilter,
  withField,
  withoutPart,
  withPart,
} from './filter.ts';

describe('splitFilter', () => {
  it('cuts a filter into fields, operators and values', () => {
    expect(splitFilter('status:crash restarts>5 !ns:kube-system app=web name~^api- text')).toMatchObject([
      { field: 'status', operator: ':', value: 'crash', negated: false },
      { field: 'restarts', operator: '>', value: '5' },
      { field: 'ns', operator: ':', value: 'kube-system', negated: true },
      { field: 'app', operator: '=', value: 'web' },
      { field: 'name', operator: '~', value: '^api-' },
      { field: '', operator: '', value: 'text' },
    ]);
  });

  it('keeps quoted blanks together, also while the quote is open', () => {
    expect(splitFilter('status:"not ready" "open quote').map((part) => part.text)).toEqual([
      'status:"not ready"',
      '"open quote',
    ]);
  });

  it('gives parts that are where they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', ' ', ':', '"', '\\', '!', '>', 'é') }), (filter) => {
        for (const part of splitFilter(filter)) expect(filter.slice(part.start, part.end)).toBe(part.text);
      }),
    );
  });
});

describe('editing by buttons', () => {
  it('takes parts out and adds each once', () => {
    expect(withoutPart('a  b c', 1)).toBe('a c');
    expect(withPart('a b', 'b')).toBe('a b');
    expect(withPart('', 'x=1')).toBe('x=1');
  });

  it('replaces a field and leaves its negation', () => {
    expect(withField('is:failed !is:stopped x', 'is', ':', 'warning')).toBe('!is:stopped x is:warning');
    expect(withField('is:failed x', 'is', ':', null)).toBe('x');
    expect(withField('', 'status', '=', 'not ready')).toBe('status="not ready"');
    expect(fieldValue('status="not ready"', 'status', '=')).toBe('not ready');
    expect(fieldValue('!is:failed', 'is')).toBeNull();
  });

  it('puts a completion at its place', () => {
    expect(applyCompletion('a stat b', { start: 2, end: 6 }, 'status:')).toEqual({ filter: 'a status: b', cursor: 9 });
  });
});

describe('highlightFilter', () => {
  it('colours roles and underlines problems', () => {
    expect(highlightFilter('!ns:x foo', [{ message: 'No such field', start: 1, end: 3 }])).toEqual([
      { text: '!', role: 'not', problem: null },
      { text: 'ns', role: 'field', problem: 'No such field' },
      { text: ':', role: 'operator', problem: null },
      { text: 'x', role: 'value', problem: null },
      { text: ' ', role: 'blank', problem: null },
      { text: 'foo', role: 'text', problem: null },
    ]);
  });

  it('is always the whole filter', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(30), fc.nat(30), (filter, start, end) => {
        const pieces = highlightFilter(filter, [{ message: 'x', start, end }]);
        expect(pieces.map((piece) => piece.text).join('')).toBe(filter);
      }),
    );
  });
});
