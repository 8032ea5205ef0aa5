import { type KeyboardEvent, useMemo } from 'react';
import type { FolderRow } from '../../../../core/cluster/manifests/contract.ts';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { classes, legible, Name, StatusMark, t } from '../../../ui/index.ts';
import { grouped, isPossible, toneOf } from './choice.ts';
import css from './folder.module.css';

export interface FolderTreeProps {
  rows: readonly FolderRow[];
  by: 'file' | 'kind';
  chosen: ReadonlySet<string>;
  gone: readonly ObjectRef[];
  removed: ReadonlySet<string>;
  active: string | undefined;
  /** While it is applied: what each object is doing, by its key. */
  progress: ReadonlyMap<string, { state: string; message: string }> | undefined;
  onActive(key: string): void;
  onChoose(keys: readonly string[], chosen: boolean): void;
  onRemove(object: ObjectRef, removed: boolean): void;
}

export function goneKey({ kind, namespace, name }: ObjectRef): string {
  return `${kind}/${namespace}/${name}`;
}

/** Every object of the folder with what would happen to it; arrows move, the space bar chooses. */
export function FolderTree(props: FolderTreeProps) {
  const { rows, by, gone } = props;
  const groups = useMemo(() => grouped(rows, by), [rows, by]);
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = all[at + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: 'nearest' });
    next.click();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows move between its buttons
    <div className={css.tree} onKeyDown={move}>
      {groups.map((group) => (
        <section key={group.title} aria-label={group.title || t('manifests.folder.built')}>
          <Head group={group} {...props} />
          <ul>
            {group.rows.map((row) => (
              <Row key={row.key} row={row} {...props} />
            ))}
          </ul>
        </section>
      ))}
      {gone.length > 0 && (
        <section aria-label={t('manifests.folder.gone')}>
          <h3 className={css.group}>
            <span className={css.warning}>{t('manifests.folder.gone')}</span>
          </h3>
          <p className={css.note}>{t('manifests.folder.goneText')}</p>
          <ul>
            {gone.map((object) => (
              <li key={goneKey(object)} className={css.row}>
                <input
                  type="checkbox"
                  aria-label={t('manifests.folder.delete', { name: object.name })}
                  checked={props.removed.has(goneKey(object))}
                  onChange={(event) => props.onRemove(object, event.target.checked)}
                />
                <span className={css.object}>
                  <span className={css.kind}>{object.kind.split('.')[0]}</span>
                  <Name>{object.name}</Name>
                  <span className={css.dim}>{object.namespace}</span>
                </span>
                <StatusMark tone={props.removed.has(goneKey(object)) ? 'failed' : 'stopped'}>
                  {t(props.removed.has(goneKey(object)) ? 'manifests.folder.willGo' : 'manifests.folder.stays')}
                </StatusMark>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Head({ group, by, chosen, onChoose }: FolderTreeProps & { group: { title: string; rows: FolderRow[] } }) {
  const possible = group.rows.filter(isPossible).map(({ key }) => key);
  const taken = possible.filter((key) => chosen.has(key)).length;
  const title = group.title === '' ? t('manifests.folder.built') : legible(group.title);
  return (
    <h3 className={css.group}>
      <input
        type="checkbox"
        aria-label={t('manifests.folder.chooseAll', { title })}
        disabled={possible.length === 0}
        checked={possible.length > 0 && taken === possible.length}
        ref={(box) => {
          if (box !== null) box.indeterminate = taken > 0 && taken < possible.length;
        }}
        onChange={(event) => onChoose(possible, event.target.checked)}
      />
      <span className={by === 'file' ? css.file : undefined}>{title}</span>
      <span className={css.count}>{group.rows.length}</span>
    </h3>
  );
}

function Row({ row, by, chosen, active, progress, onActive, onChoose }: FolderTreeProps & { row: FolderRow }) {
  const { key, kind, object, state, changes, error } = row;
  const step = progress?.get(key);
  return (
    <li className={classes(css.row, active === key && css.active)}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={t('manifests.folder.choose', { kind, name: object.name })}
        disabled={!isPossible(row) || progress !== undefined}
        checked={chosen.has(key)}
        onChange={(event) => onChoose([key], event.target.checked)}
      />
      <button
        type="button"
        data-row
        className={css.object}
        aria-pressed={active === key}
        title={error}
        onClick={() => onActive(key)}
        onKeyDown={(event) => {
          if (event.key !== ' ' || !isPossible(row)) return;
          event.preventDefault();
          onChoose([key], !chosen.has(key));
        }}
      >
        {by === 'file' && <span className={css.kind}>{kind}</span>}
        <Name>{object.name}</Name>
        <span className={css.dim}>{object.namespace}</span>
      </button>
      {step === undefined ? (
        <StatusMark tone={toneOf(state)}>
          {state === 'changed' ? t('manifests.fields', { count: changes }) : t(`manifests.folder.state.${state}`)}
        </StatusMark>
      ) : (
        <StatusMark tone={stepTones[step.state] ?? 'unknown'}>{t(`manifests.folder.step.${step.state}`)}</StatusMark>
      )}
    </li>
  );
}

const stepTones: Record<string, 'healthy' | 'progressing' | 'failed' | 'stopped' | 'unknown'> = {
  waiting: 'unknown',
  running: 'progressing',
  done: 'healthy',
  failed: 'failed',
  cancelled: 'stopped',
};
