import { Plus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button, IconButton, TextInput, t } from '../../ui/index.ts';
import css from './namespaces.module.css';

/** Keys and values, a line each. It keeps lines that are not finished; what is told has those with a key. */
export function Pairs(props: {
  label: string;
  value: Readonly<Record<string, string>>;
  onChange(value: Record<string, string>): void;
  /** Keys that are offered. */
  keys?: readonly string[];
  keyLabel?: string;
  hint?: string;
}) {
  const next = useRef(0);
  const [lines, setLines] = useState(() =>
    Object.entries(props.value).map(([key, value]) => ({ id: next.current++, key, value })),
  );
  const list = props.keys === undefined ? undefined : `pairs-${props.label.replaceAll(' ', '-')}`;
  const change = (changed: typeof lines) => {
    setLines(changed);
    props.onChange(
      Object.fromEntries(changed.flatMap(({ key, value }) => (key.trim() === '' ? [] : [[key.trim(), value.trim()]]))),
    );
  };
  const edit = (id: number, part: Partial<{ key: string; value: string }>) =>
    change(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  return (
    <fieldset className={css.pairs}>
      <legend>{props.label}</legend>
      {list !== undefined && (
        <datalist id={list}>
          {props.keys?.map((key) => (
            <option key={key} value={key} />
          ))}
        </datalist>
      )}
      {lines.map(({ id, key, value }) => (
        <div key={id} className={css.pairLine}>
          <TextInput
            aria-label={props.keyLabel ?? t('namespaces.pairs.key')}
            list={list}
            value={key}
            onChange={(event) => edit(id, { key: event.target.value })}
          />
          <TextInput
            aria-label={t('namespaces.pairs.value', { key })}
            value={value}
            onChange={(event) => edit(id, { value: event.target.value })}
          />
          <IconButton
            icon={X}
            label={t('ui.remove', { name: key })}
            onClick={() => change(lines.filter((line) => line.id !== id))}
          />
        </div>
      ))}
      <div>
        <Button size="s" icon={Plus} onClick={() => setLines([...lines, { id: next.current++, key: '', value: '' }])}>
          {t('namespaces.pairs.add')}
        </Button>
      </div>
      {props.hint !== undefined && <p className={css.dim}>{props.hint}</p>}
    </fieldset>
  );
}
