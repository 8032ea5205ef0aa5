import { ChevronRight, RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Delivery, ManagedObject } from '../../../core/cluster/gitops/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { askAction } from '../../app/askAction.ts';
import { href } from '../../app/router.ts';
import { useLive, useQuery } from '../../client/index.ts';
import {
  Button,
  classes,
  EmptyState,
  ErrorState,
  IconButton,
  legible,
  Name,
  SearchInput,
  StatusMark,
  Strip,
  t,
  tonesByUrgency,
} from '../../ui/index.ts';
import { Bones } from './Frame.tsx';
import css from './gitops.module.css';
import { objectAddress } from './model.ts';

const linesShown = 200;

/** The objects that a delivery manages, with what they own in turn; some can be chosen and synced alone. */
export function TreeTab({ object, delivery, stamp }: { object: ObjectRef; delivery: Delivery; stamp: string }) {
  const { data, error, loading, reload } = useQuery((client) => client.gitops.tree, { object });
  const shown = useRef(stamp);
  useEffect(() => {
    if (shown.current === stamp) return;
    shown.current = stamp;
    reload();
  }, [stamp, reload]);
  const [filter, setFilter] = useState('');
  const [lines, setLines] = useState(linesShown);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const found = useMemo(() => findObjects(data?.objects ?? [], filter), [data, filter]);
  if (data === undefined) {
    if (error !== undefined)
      return <ErrorState compact title={t('gitops.treeFailed')} error={error} onRetry={reload} />;
    return <Bones />;
  }
  const isArgo = delivery.engine === 'argocd';
  const selected = data.objects.filter((each) => chosen.has(keyOf(each)));
  return (
    <div className={css.body} aria-busy={loading}>
      {data.notes.map((note) => (
        <Strip key={note} tone="unknown">
          {legible(note)}
        </Strip>
      ))}
      {data.objects.length > 0 && (
        <div className={css.head}>
          <SearchInput label={t('gitops.filterObjects')} value={filter} onChange={setFilter} className={css.search} />
          <span className={css.dim}>{t('gitops.objects', { count: data.objects.length + data.more })}</span>
          <span className={css.grow} />
          {selected.length > 0 && (
            <Button
              size="s"
              icon={RefreshCw}
              onClick={() => askAction('sync', [object], { resources: selected.map(syncName).join(', ') })}
            >
              {t('gitops.syncChosen', { count: selected.length })}
            </Button>
          )}
          <IconButton size="s" icon={RefreshCw} label={t('gitops.readAgain')} onClick={reload} />
        </div>
      )}
      {data.objects.length === 0 && data.notes.length === 0 && (
        <EmptyState compact title={t('gitops.noObjects')}>
          {t('gitops.noObjectsText')}
        </EmptyState>
      )}
      {data.objects.length > 0 && (
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden-text">{t('gitops.column.owned')}</span>
              </th>
              <th scope="col">{t('gitops.column.kind')}</th>
              <th scope="col">{t('gitops.column.name')}</th>
              <th scope="col">{t('gitops.column.namespace')}</th>
              {isArgo && <th scope="col">{t('gitops.column.sync')}</th>}
              {isArgo && <th scope="col">{t('gitops.column.health')}</th>}
              <th scope="col">{t('gitops.column.live')}</th>
            </tr>
          </thead>
          <tbody>
            {found.slice(0, lines).map((each) => (
              <Line
                key={keyOf(each)}
                each={each}
                isArgo={isArgo}
                chosen={chosen.has(keyOf(each))}
                onChoose={(choose) =>
                  setChosen((before) => {
                    const after = new Set(before);
                    if (choose) after.add(keyOf(each));
                    else after.delete(keyOf(each));
                    return after;
                  })
                }
              />
            ))}
          </tbody>
        </table>
      )}
      {data.objects.length > 0 && found.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
      {found.length > lines && (
        <Button onClick={() => setLines((count) => count + linesShown)}>
          {t('gitops.more', { count: found.length - lines })}
        </Button>
      )}
      {data.more > 0 && <p className={css.dim}>{t('gitops.moreObjects', { count: data.more })}</p>}
    </div>
  );
}

function Line(props: { each: ManagedObject; isArgo: boolean; chosen: boolean; onChoose(choose: boolean): void }) {
  const { each, isArgo, chosen } = props;
  const [open, setOpen] = useState(false);
  const { object } = each;
  const present = object !== undefined && each.state === 'present';
  return (
    <>
      <tr>
        <td className={css.toggleCell}>
          {isArgo && (
            <input
              type="checkbox"
              checked={chosen}
              aria-label={t('gitops.choose', { name: each.name })}
              onChange={(event) => props.onChoose(event.target.checked)}
            />
          )}
          {present && (
            <button
              type="button"
              className={classes(css.toggle, open && css.opened)}
              aria-expanded={open}
              aria-label={t('gitops.showOwned', { name: each.name })}
              onClick={() => setOpen(!open)}
            >
              <ChevronRight size={14} aria-hidden />
            </button>
          )}
        </td>
        <td title={[each.group, each.version].filter(Boolean).join('/')}>{legible(each.kind)}</td>
        <td>
          {present ? (
            <a className={css.link} href={href(objectAddress(object))}>
              <Name>{each.name}</Name>
            </a>
          ) : (
            <Name>{each.name}</Name>
          )}
          {each.hook && <span className={css.tag}>{t('gitops.hook')}</span>}
          {each.wave !== 0 && <span className={css.tag}>{t('gitops.wave', { wave: each.wave })}</span>}
          {each.surplus && <span className={css.tag}>{t('gitops.surplus')}</span>}
        </td>
        <td>{each.namespace}</td>
        {isArgo && (
          <td>
            {each.sync !== '' && (
              <StatusMark tone={each.sync === 'Synced' ? 'healthy' : each.sync === 'OutOfSync' ? 'warning' : 'unknown'}>
                {legible(each.sync)}
              </StatusMark>
            )}
          </td>
        )}
        {isArgo && <td>{legible(each.health)}</td>}
        <td title={legible(each.message)}>
          <StatusMark tone={each.tone}>
            {each.state === 'present' || each.state === 'elsewhere'
              ? legible(each.status) || t('gitops.objectState.elsewhere')
              : t(`gitops.objectState.${each.state}`)}
          </StatusMark>
          {each.message !== '' && each.tone !== 'healthy' && <div className={css.dim}>{legible(each.message)}</div>}
        </td>
      </tr>
      {open && object !== undefined && <Owned object={object} columns={isArgo ? 7 : 5} />}
    </>
  );
}

/** What an object owns, all the way down: ReplicaSets and their pods. */
function Owned({ object, columns }: { object: ObjectRef; columns: number }) {
  const { rows, head, error } = useLive((client) => client.resources.relations, { object });
  const owned = useMemo(() => {
    const below: { row: (typeof rows)[number]; depth: number }[] = [];
    const self = rows.find(({ relation }) => relation === 'self')?.key ?? null;
    const visit = (parent: string | null, depth: number) => {
      for (const row of rows) {
        if (row.parent !== parent || row.relation !== 'owned') continue;
        below.push({ row, depth });
        visit(row.key, depth + 1);
      }
    };
    visit(self, 0);
    return below;
  }, [rows]);
  return (
    <tr>
      <td />
      <td colSpan={columns - 1}>
        {error !== undefined && <span className={css.dim}>{legible(error.message)}</span>}
        {error === undefined && owned.length === 0 && (
          <span className={css.dim}>{t(head?.complete === true ? 'gitops.ownsNothing' : 'gitops.looking')}</span>
        )}
        <ul className={css.owned}>
          {owned.map(({ row, depth }) => (
            <li key={row.key} style={{ paddingLeft: depth * 18 }}>
              <span className={css.dim}>{row.object.kind.split('.')[0]}</span>{' '}
              <a className={css.link} href={href(objectAddress(row.object))}>
                <Name>{row.object.name}</Name>
              </a>{' '}
              <StatusMark tone={row.tone}>{legible(row.status)}</StatusMark>
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

function keyOf({ group, kind, namespace, name }: ManagedObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** As the sync action reads it. */
function syncName({ group, kind, namespace, name }: ManagedObject): string {
  return `${group}:${kind}:${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** What asks for somebody first, then in the order of waves, then by kind and name. */
function findObjects(objects: readonly ManagedObject[], text: string): ManagedObject[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const urgency = ({ tone, sync }: ManagedObject) =>
    sync === 'OutOfSync' ? 1 : tone === 'healthy' || tone === 'stopped' ? 9 : tonesByUrgency.indexOf(tone);
  return objects
    .filter((each) => {
      const shown = [each.kind, each.namespace, each.name, each.sync, each.health, each.status].join(' ').toLowerCase();
      return words.every((word) => shown.includes(word));
    })
    .sort(
      (a, b) =>
        urgency(a) - urgency(b) || a.wave - b.wave || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name),
    );
}
