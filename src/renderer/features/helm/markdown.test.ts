import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';

const words = (parts: readonly Inline[]): string =>
  parts.map((part) => ('parts' in part ? words(part.parts) : part.text)).join('');
const links = (blocks: readonly Block[]): string[] =>
  JSON.stringify(blocks)
    .match(/"address":"[^"]*"/g)
    ?.map((found) => found.slice(11, -1)) ?? [];

describe('Markdown', () => {
  test('of a chart’s readme', () => {
    const blocks = parseMarkdown(`# shop

Sells \`things\`, **fast** and _well_.
See [the docs](https://shop.example.com/docs "Docs").

## Install

\`\`\`console
helm install shop acorn/shop
\`\`\`

- one
- two
  - deeper
1. first

| Name | Description | Default |
|------|:-----------:|---------|
| \`replicas\` | How \\| many | 1 |
`);
    expect(blocks.map(({ type }) => type)).toEqual([
      'heading',
      'paragraph',
      'heading',
      'code',
      'list',
      'list',
      'table',
    ]);
    expect(blocks[1]).toMatchObject({
      text: [
        { text: 'Sells ' },
        { type: 'code', text: 'things' },
        { text: ', ' },
        { type: 'strong' },
        { text: ' and ' },
        { type: 'emphasis' },
        { text: '.\nSee ' },
        { type: 'link', address: 'https://shop.example.com/docs' },
        { text: '.' },
      ],
    });
    expect(blocks[3]).toEqual({ type: 'code', text: 'helm install shop acorn/shop' });
    expect(blocks[4]).toMatchObject({ ordered: false, items: [[{ type: 'paragraph' }], [{}, { type: 'list' }]] });
    const table = blocks[6] as Extract<Block, { type: 'table' }>;
    expect(table.rows.map((row) => row.map(words))).toEqual([['replicas', 'How | many', '1']]);
  });

  test('makes no link to anything but the web, and fetches no picture', () => {
    const blocks = parseMarkdown(
      '[a](javascript:alert(1)) [b](file:///etc/passwd) ![logo](https://evil.example/x.png) <img src=x onerror=1> <https://ok.example> [![badge](https://evil.example/b.svg)](https://ok.example/ci)',
    );
    expect(links(blocks)).toEqual(['https://ok.example', 'https://ok.example/ci']);
    expect(JSON.stringify(blocks)).not.toContain('evil.example');
    expect(JSON.stringify(blocks)).not.toContain('onerror');
  });

  test('of any text ends, and keeps the letters of plain words', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab *_`[]()#-|>\n!<\\1. ~'), maxLength: 300 }), (text) => {
        parseMarkdown(text);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 20 }), (plain) => {
        const [block] = parseMarkdown(plain.join(' '));
        expect(block?.type === 'paragraph' && words(block.text)).toBe(plain.join(' '));
      }),
    );
  });
});
