import { Filter, X } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useImperativeHandle, useRef, useState } from 'react';
import { useQuery } from '../../client/index.ts';
import { IconButton, t } from '../../ui/index.ts';
import { applyCompletion, highlightFilter, type Problem } from './filter.ts';
import css from './resources.module.css';

export interface FilterFieldProps {
  kind: string;
  value: string;
  problems: readonly Problem[];
  onChange(filter: string): void;
  /** Leaves the field for the list. */
  onLeave(): void;
  handle: RefObject<{ focus(): void } | null>;
}

/** Typing is applied after this pause, so that half a word does not empty the list. Milliseconds. */
const pauseMs = 120;

/** The filter line: coloured while it is typed, what is wrong underlined, completions from the engine at the cursor. */
export function FilterField({ kind, value, problems, onChange, onLeave, handle }: FilterFieldProps) {
  const [text, setText] = useState(value);
  const [cursor, setCursor] = useState(value.length);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  const applied = useRef(value);
  const id = useId();

  // The address changed by other means: a chip, a saved view, going back.
  useEffect(() => {
    if (value === applied.current) return;
    applied.current = value;
    setText(value);
  }, [value]);

  useEffect(() => {
    if (text === applied.current) return;
    const timer = setTimeout(() => {
      applied.current = text;
      onChange(text);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, onChange]);

  useImperativeHandle(handle, () => ({
    focus: () => {
      input.current?.focus();
      input.current?.select();
    },
  }));

  const suggestions = useQuery((client) => client.resources.suggest, open ? { kind, filter: text, cursor } : null);
  const items = open && !suggestions.previous ? (suggestions.data?.items ?? []) : [];
  const shown = items.slice(0, 12);
  const problem = text === value ? problems[0] : undefined;

  const accept = (place: number) => {
    const item = shown[place];
    const range = suggestions.data;
    if (item === undefined || range === undefined) return;
    const next = applyCompletion(text, range, item.text);
    setText(next.filter);
    setCursor(next.cursor);
    setChosen(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(next.cursor, next.cursor));
  };

  const commit = () => {
    applied.current = text;
    onChange(text);
    setOpen(false);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' && shown.length > 0) setChosen((chosen + 1) % shown.length);
    else if (event.key === 'ArrowUp' && shown.length > 0) setChosen(chosen <= 0 ? shown.length - 1 : chosen - 1);
    else if (event.key === 'ArrowDown') onLeave();
    else if (event.key === 'Tab' && !event.shiftKey && shown.length > 0 && open) accept(Math.max(0, chosen));
    else if (event.key === 'Enter') {
      if (chosen >= 0) accept(chosen);
      else {
        commit();
        onLeave();
      }
    } else if (event.key === 'Escape') {
      if (open && shown.length > 0) setOpen(false);
      else {
        commit();
        onLeave();
      }
    } else if (event.key === ' ' && event.ctrlKey) setOpen(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={css.filter}>
      <Filter size={14} aria-hidden className={css.filterIcon} />
      <div className={css.filterText}>
        <div className={css.filterBackdrop} ref={backdrop} aria-hidden>
          {highlightFilter(text, text === value ? problems : []).map((piece, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity but their place
            <span key={place} data-role={piece.role} data-wrong={piece.problem === null ? undefined : ''}>
              {piece.text}
            </span>
          ))}
        </div>
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-label={t('resources.filterField.filter')}
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          placeholder={t('resources.filterField.filterTextStatusCrashRestarts')}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setCursor(event.target.selectionStart ?? event.target.value.length);
            setOpen(true);
            setChosen(-1);
          }}
          onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
          onScroll={(event) => {
            if (backdrop.current !== null) backdrop.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
          onFocus={() => setOpen(text === '')}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
      </div>
      {text !== '' && (
        <IconButton
          size="s"
          icon={X}
          label={t('resources.filterField.clearFilter')}
          onClick={() => {
            setText('');
            applied.current = '';
            onChange('');
            input.current?.focus();
          }}
        />
      )}
      {problem !== undefined && !(open && shown.length > 0) && (
        <p className={css.filterProblem} id={`${id}-problem`} role="status">
          {problem.message}
        </p>
      )}
      <div
        // Below the word that it completes; `ch` is exact in the field's own font.
        style={{ left: `min(calc(30px + ${suggestions.data?.start ?? 0}ch), calc(100% - 300px))` }}
        className={css.filterList}
        id={`${id}-list`}
        aria-label={t('resources.filterField.completions')}
        role="listbox"
        hidden={shown.length === 0}
      >
        {shown.map((item, place) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the input has the focus and names the chosen one
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          <div
            key={item.text}
            id={`${id}-${place}`}
            role="option"
            aria-selected={place === chosen}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => accept(place)}
          >
            <code>{item.text}</code>
            {item.detail !== undefined && <span>{item.detail}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}
