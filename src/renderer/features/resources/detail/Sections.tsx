import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { classes, legible, t } from '../../../ui/index.ts';
import { copyAs } from '../objectActions.ts';
import css from './detail.module.css';

/** A titled part of the overview. Renders nothing when it has nothing. */
export function Section({ title, count, children }: { title: string; count?: number; children: ReactNode }) {
  return (
    <section className={css.section} aria-label={title}>
      <h2 className={css.sectionTitle}>
        {title}
        {count !== undefined && <span className={css.dim}>{count}</span>}
      </h2>
      {children}
    </section>
  );
}

export interface Fact {
  name: string;
  value: ReactNode;
}

/** Names and values; a fact without a value is left out. */
export function Facts({ facts }: { facts: readonly (Fact | false | undefined)[] }) {
  const present = facts.filter((fact): fact is Fact => fact !== false && fact !== undefined && !isNothing(fact.value));
  if (present.length === 0) return null;
  return (
    <dl className={css.facts}>
      {present.map((fact) => (
        <div key={fact.name}>
          <dt>{legible(fact.name)}</dt>
          <dd>{legibly(fact.value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Plain text as it may be shown; what holds elements has seen to it itself. */
function legibly(value: ReactNode): ReactNode {
  return typeof value === 'string' ? legible(value) : value;
}

function isNothing(value: ReactNode): boolean {
  return value === '' || value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** `key=value` chips that copy themselves. Long values are cut; the title has all of it. */
export function PairChips({ pairs, what }: { pairs: readonly (readonly [string, string])[]; what: string }) {
  const [all, setAll] = useState(false);
  const shown = all ? pairs : pairs.slice(0, 12);
  return (
    <div className={css.pairs}>
      {shown.map(([key, value]) => (
        <button
          key={key}
          type="button"
          className={css.pair}
          title={t('resources.sections.copy', { key, value })}
          onClick={() => copyAs(what, `${key}=${value}`)}
        >
          <span className={css.pairKey}>{legible(key)}</span>
          {value !== '' && (
            <span className={css.pairValue}>{legible(value.length > 80 ? `${value.slice(0, 80)}…` : value)}</span>
          )}
        </button>
      ))}
      {pairs.length > shown.length && (
        <button type="button" className={css.more} onClick={() => setAll(true)}>
          {pairs.length - shown.length} {t('resources.sections.more')}
        </button>
      )}
    </div>
  );
}

/** Something that folds. */
export function Fold(props: { summary: ReactNode; open?: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(props.open ?? false);
  return (
    <div className={css.fold}>
      <button type="button" className={css.foldHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronRight size={13} aria-hidden className={classes(css.foldMark, open && css.foldOpen)} />
        {props.summary}
      </button>
      {open && <div className={css.foldBody}>{props.children}</div>}
    </div>
  );
}

/** A small plain table: for conditions, ports, rules. */
export function Grid(props: {
  label: string;
  head: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}) {
  if (props.rows.length === 0) return null;
  return (
    <div className={css.tableFrame}>
      <table className={css.table} aria-label={props.label}>
        <thead>
          <tr>
            {props.head.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.key}>
              {row.cells.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells are their places
                <td key={place}>{legibly(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
