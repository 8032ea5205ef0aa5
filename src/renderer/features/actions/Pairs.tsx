import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { FieldValue } from '../../../core/cluster/actions/contract.ts';
import { Button, IconButton, TextInput, t } from '../../ui/index.ts';
import css from './actions.module.css';

type Pair = readonly [key: string, value: string];

export function readPairs(value: FieldValue | undefined): Pair[] {
  if (typeof value !== 'object') return [];
  return Object.entries(value).map(([key, text]) => [key, text ?? ''] as const);
}

/** What a merge patch has to say: what is new or other, and null for what was taken out. */
export function pairsChange(before: readonly Pair[], after: readonly Pair[]): Record<string, string | null> {
  const old = new Map(before);
  const kept = new Map(after.filter(([key]) => key !== ''));
  return Object.fromEntries([
    ...[...old.keys()].filter((key) => !kept.has(key)).map((key) => [key, null] as const),
    ...[...kept].filter(([key, value]) => old.get(key) !== value),
  ]);
}

/** Keys and values, a line each. */
export function Pairs(props: {
  label: string;
  help: string | undefined;
  before: readonly Pair[];
  onChange(after: readonly Pair[]): void;
}) {
  const [lines, setLines] = useState(() => props.before.map((pair, id) => ({ id, pair })));
  const [next, setNext] = useState(props.before.length);
  const change = (changed: typeof lines) => {
    setLines(changed);
    props.onChange(changed.map(({ pair }) => pair));
  };
  const edit = (id: number, pair: Pair) => change(lines.map((line) => (line.id === id ? { id, pair } : line)));
  return (
    <fieldset className={css.pairs}>
      <legend>{props.label}</legend>
      {lines.map(({ id, pair: [key, value] }) => (
        <div key={id} className={css.pair}>
          <TextInput
            aria-label={t('actions.pairKey')}
            value={key}
            onChange={(event) => edit(id, [event.target.value, value])}
          />
          <TextInput
            aria-label={t('actions.pairValue', { key })}
            value={value}
            onChange={(event) => edit(id, [key, event.target.value])}
          />
          <IconButton
            icon={X}
            label={t('ui.remove', { name: key })}
            onClick={() => change(lines.filter((line) => line.id !== id))}
          />
        </div>
      ))}
      <div>
        <Button
          size="s"
          icon={Plus}
          onClick={() => {
            setNext(next + 1);
            change([...lines, { id: next, pair: ['', ''] }]);
          }}
        >
          {t('actions.pairAdd')}
        </Button>
      </div>
      {props.help !== undefined && <p className={css.help}>{props.help}</p>}
    </fieldset>
  );
}
