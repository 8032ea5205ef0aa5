import { ChevronRight } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { setParams, useLocation } from '../../app/router.ts';
import { classes, legible, SearchInput, t } from '../../ui/index.ts';
import type { SchemaSet } from '../../ui/schema/schema.ts';
import css from './crds.module.css';
import { FieldDetail } from './FieldDetail.tsx';
import { allFields, type Field, fieldsIn, findField, findFields, pathsAbove, rootOf } from './fields.ts';

const mostHits = 200;

/** The fields as a tree with a search, and one of them in full. Its path is part of the address. */
export function FieldsTab({
  set,
  cluster,
  id,
  version,
}: {
  set: SchemaSet;
  cluster: string;
  id: string;
  version: string;
}) {
  const { params } = useLocation();
  const path = params.field ?? '';
  const [text, setText] = useState('');
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(['spec', ...pathsAbove(path)]));
  const field = useMemo(() => (path === '' ? undefined : findField(set, path)), [set, path]);
  // Only once somebody searches: of the largest kinds these are ten thousands.
  const searching = text !== '';
  const all = useMemo(() => (searching ? allFields(set) : undefined), [set, searching]);
  const hits = useMemo(() => (all === undefined ? [] : findFields(all, text)), [all, text]);
  const root = useMemo(() => rootOf(set), [set]);

  // What the address names is open.
  useEffect(() => {
    const above = pathsAbove(path);
    setOpened((now) => (above.every((each) => now.has(each)) ? now : new Set([...now, ...above])));
  }, [path]);
  const tree = useRef<HTMLDivElement>(null);
  const scrolled = useRef<string>(undefined);
  useEffect(() => {
    if (scrolled.current === path || path === '' || text !== '') return;
    const row = tree.current?.querySelector(`[data-path="${CSS.escape(path)}"]`);
    if (row === null || row === undefined) return;
    scrolled.current = path;
    row.scrollIntoView({ block: 'nearest' });
  });

  const choose = (next: string) => setParams({ field: next === '' ? undefined : next }, { replace: true });
  const toggle = (at: string, open: boolean) => {
    const next = new Set(opened);
    if (open) next.add(at);
    else next.delete(at);
    setOpened(next);
  };
  const press = (event: KeyboardEvent<HTMLDivElement>) => {
    const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-path]')];
    const at = rows.indexOf(document.activeElement as HTMLElement);
    const row = rows[at];
    if (row === undefined) return;
    const here = row.dataset.path ?? '';
    const go = (next: HTMLElement | undefined) => {
      if (next === undefined) return;
      next.focus();
      choose(next.dataset.path ?? '');
    };
    if (event.key === 'ArrowDown') go(rows[at + 1]);
    else if (event.key === 'ArrowUp') go(rows[at - 1]);
    else if (event.key === 'ArrowRight' && row.getAttribute('aria-expanded') === 'false') toggle(here, true);
    else if (event.key === 'ArrowLeft') {
      if (row.getAttribute('aria-expanded') === 'true') toggle(here, false);
      else go(rows.find((each) => each.dataset.path === pathsAbove(here).at(-1)));
    } else return;
    event.preventDefault();
  };

  const rows = fieldsIn(set, root, '');
  return (
    <div className={css.fields}>
      <div className={css.fieldList}>
        <div className={css.fieldSearch}>
          <SearchInput label={t('crds.searchFields')} value={text} onChange={setText} />
        </div>
        {text !== '' ? (
          <ul className={css.hits} aria-label={t('crds.hits')}>
            {hits.length === 0 && <li className={css.note}>{t('ui.nothingMatches')}</li>}
            {hits.slice(0, mostHits).map((hit) => (
              <li key={hit.path}>
                <button
                  type="button"
                  className={classes(css.hit, hit.path === path && css.activeField)}
                  onClick={() => {
                    choose(hit.path);
                    setText('');
                  }}
                >
                  <code>{hit.path}</code>
                  <span className={css.type}>{hit.type}</span>
                  <span className={css.clip}>{legible(hit.schema.description ?? '')}</span>
                </button>
              </li>
            ))}
            {hits.length > mostHits && (
              <li className={css.note}>{t('crds.moreHits', { count: hits.length - mostHits })}</li>
            )}
          </ul>
        ) : (
          <div
            ref={tree}
            role="tree"
            tabIndex={-1}
            className={css.tree}
            aria-label={t('crds.fields')}
            onKeyDown={press}
          >
            {rows.map((each) => (
              <Branch
                key={each.path}
                set={set}
                field={each}
                level={1}
                opened={opened}
                active={path}
                first={rows[0]?.path}
                onToggle={toggle}
                onChoose={choose}
              />
            ))}
          </div>
        )}
      </div>
      <FieldDetail
        set={set}
        root={root}
        field={field}
        missing={path !== '' && field === undefined ? path : undefined}
        cluster={cluster}
        id={id}
        version={version}
      />
    </div>
  );
}

interface BranchProps {
  set: SchemaSet;
  field: Field;
  level: number;
  opened: ReadonlySet<string>;
  active: string;
  first: string | undefined;
  onToggle(path: string, open: boolean): void;
  onChoose(path: string): void;
}

function Branch(props: BranchProps) {
  const { set, field, level, opened, active, first } = props;
  const { path, name, type, required, deep, schema } = field;
  const open = deep && opened.has(path);
  return (
    <>
      <div
        role="treeitem"
        data-path={path}
        aria-level={level}
        aria-selected={active === path}
        {...(deep && { 'aria-expanded': open })}
        tabIndex={active === path || (active === '' && path === first) ? 0 : -1}
        className={classes(css.field, active === path && css.activeField)}
        style={{ paddingLeft: 8 + (level - 1) * 16 }}
        onClick={() => props.onChoose(path)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== ' ') return;
          event.preventDefault();
          if (deep) props.onToggle(path, !open);
          props.onChoose(path);
        }}
      >
        {deep ? (
          <button
            type="button"
            tabIndex={-1}
            className={css.fold}
            data-open={open}
            aria-label={t(open ? 'crds.fold' : 'crds.unfold', { name })}
            onClick={(event) => {
              event.stopPropagation();
              props.onToggle(path, !open);
            }}
          >
            <ChevronRight size={13} aria-hidden />
          </button>
        ) : (
          <span className={css.fold} />
        )}
        <code className={css.fieldName}>{name}</code>
        <span className={css.type}>{type}</span>
        {required && <span className={css.required}>{t('crds.required')}</span>}
        <span className={css.clip}>{legible(firstSentence(schema.description ?? ''))}</span>
      </div>
      {open &&
        fieldsIn(set, schema, path).map((each) => <Branch key={each.path} {...props} field={each} level={level + 1} />)}
    </>
  );
}

function firstSentence(text: string): string {
  const end = text.search(/[.\n](\s|$)/);
  return end === -1 ? text : text.slice(0, end);
}
