import { expect, test } from 'vitest';
import { readable } from './readable.ts';

test.each([
  ['{"level":"info","msg":"order placed","order":12,"customer":"c 7"}', 'order placed  order=12 customer="c 7"'],
  ['{"ts":1,"message":"two\\nlines","err":{"code":2}}', 'two⏎lines  err={"code":2}'],
  ['web: {"event":"x"}', 'web:  x'],
  ['{"a":null,"b":[1]}', 'a=null b=[1]'],
  ['{"not json}', undefined],
  ['[1,2]', undefined],
  ['plain', undefined],
  ['f({"a":1})', undefined],
])('%s', (line, expected) => {
  expect(readable(line)).toBe(expected);
});
