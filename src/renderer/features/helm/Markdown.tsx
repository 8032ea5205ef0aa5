import { Fragment, type ReactNode } from 'react';
import { legible } from '../../ui/index.ts';
import css from './helm.module.css';
import { type Block, type Inline, parseMarkdown } from './markdown.ts';

/** A text that a stranger wrote: elements are made of it and no HTML; pictures are not fetched, links lead to the web only. */
export function Markdown({ text }: { text: string }) {
  return <div className={css.markdown}>{parseMarkdown(text).map((block, at) => drawn(block, String(at)))}</div>;
}

function drawn(block: Block, key: string): ReactNode {
  switch (block.type) {
    case 'heading': {
      // The page has its own title: the readme's first heading is one below.
      const Heading = `h${Math.min(6, block.level + 1)}` as 'h2';
      return <Heading key={key}>{inline(block.text)}</Heading>;
    }
    case 'code':
      return (
        <pre key={key} className={css.code}>
          {legible(block.text)}
        </pre>
      );
    case 'rule':
      return <hr key={key} />;
    case 'quote':
      return <blockquote key={key}>{block.blocks.map((each, at) => drawn(each, String(at)))}</blockquote>;
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List key={key}>
          {block.items.map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a text has no other keys, and never changes its order
            <li key={at}>{item.map((each, index) => drawn(each, String(index)))}</li>
          ))}
        </List>
      );
    }
    case 'table':
      return (
        <div key={key} className={css.wide}>
          <table className={css.table}>
            <thead>
              <tr>
                {block.head.map((cell, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a text has no other keys, and never changes its order
                  <th key={at} scope="col">
                    {inline(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a text has no other keys, and never changes its order
                <tr key={at}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a text has no other keys, and never changes its order
                    <td key={column}>{inline(cell)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    default:
      return <p key={key}>{inline(block.text)}</p>;
  }
}

function inline(parts: readonly Inline[]): ReactNode {
  return parts.map((part, at) => {
    const key = String(at);
    switch (part.type) {
      case 'code':
        return <code key={key}>{legible(part.text)}</code>;
      case 'strong':
        return <strong key={key}>{inline(part.parts)}</strong>;
      case 'emphasis':
        return <em key={key}>{inline(part.parts)}</em>;
      case 'link':
        return (
          <a key={key} href={part.address} target="_blank" rel="noreferrer" className={css.link}>
            {inline(part.parts)}
          </a>
        );
      default:
        return <Fragment key={key}>{legible(part.text)}</Fragment>;
    }
  });
}
