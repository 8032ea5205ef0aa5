/**
 * What a kind reads of its objects, written like a query:
 *
 *     spec { replicas? containers { name image resources! { requests limits } } }
 *     data#   metadata { annotations[storageclass.kubernetes.io/is-default-class] }
 *
 * `?` keeps absent apart from zero (for a message: only whether it is there), `#` is the number of entries (of bytes: 1 when there are any), `!` remembers the message by its
 * bytes (for parts that many objects share), `~` is text that is mostly unique and not worth remembering, `[a,b]` reads
 * these keys of a map.
 */
export interface Selected {
  name: string;
  mark: '' | '?' | '#' | '!' | '~';
  keys: string[] | undefined;
  children: Selected[] | undefined;
}

export function parseSelection(text: string): Selected[] {
  const tokens = text.match(/\[[^\]]*\]|[{}?#!~]|[\w$-]+/g) ?? [];
  let at = 0;
  const list = (): Selected[] => {
    const selected: Selected[] = [];
    while (at < tokens.length && tokens[at] !== '}') {
      const item: Selected = { name: tokens[at++] as string, mark: '', keys: undefined, children: undefined };
      if (!/^[\w$-]+$/.test(item.name)) throw new Error(`'${item.name}' stands where a field should: ${text}`);
      const mark = tokens[at];
      if (mark === '?' || mark === '#' || mark === '!' || mark === '~') {
        item.mark = mark;
        at += 1;
      }
      const keys = tokens[at];
      if (keys?.startsWith('[')) {
        item.keys = keys
          .slice(1, -1)
          .split(/[\s,]+/)
          .filter((key) => key !== '');
        at += 1;
      }
      if (tokens[at] === '{') {
        at += 1;
        item.children = list();
        if (tokens[at++] !== '}') throw new Error(`A brace is open: ${text}`);
      }
      selected.push(item);
    }
    return selected;
  };
  const selected = list();
  if (at < tokens.length) throw new Error(`A closing brace has no opening one: ${text}`);
  return selected;
}
