import { ChevronRight, Star } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { KindRow } from '../../../core/cluster/resources/contract.ts';
import { useLive } from '../../client/index.ts';
import { useLayout } from '../../state/layout.ts';
import { usePreferences } from '../../state/preferences.ts';
import { classes, formatCount, IconButton, SearchInput, Skeleton, ToneShape, t } from '../../ui/index.ts';
import { href, matchPath, pathOf, useLocation } from '../router.ts';
import { useScope } from '../scope.ts';
import styles from './sections.module.css';
import { forbiddenReason, kindTitle, sectionsOf, shortTitle } from './sections.ts';

/** The kinds that the open clusters serve, beside the lists of resources. */
export function KindSections() {
  const { clusters } = useScope();
  const { state, rows } = useLive((client) => client.resources.kinds, clusters === undefined ? {} : { clusters });
  const { preferences } = usePreferences();
  const { path } = useLocation();
  const [filter, setFilter] = useState('');
  const active =
    matchPath('/resources/:kind', path)?.kind ?? matchPath('/objects/:cluster/:kind/:ns/:name', path)?.kind;
  const shown = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    if (wanted === '') return rows;
    return rows.filter((row) =>
      `${shortTitle(row)} ${row.kind} ${row.id} ${row.shortNames.join(' ')}`.toLowerCase().includes(wanted),
    );
  }, [rows, filter]);
  const favorites = preferences.favoriteKinds.flatMap((id) => shown.find((row) => row.id === id) ?? []);
  return (
    <nav className={styles.sections} data-sections aria-label={t('app.kinds.label')}>
      <div className={styles.filter}>
        <SearchInput label={t('app.kinds.filter')} value={filter} onChange={setFilter} />
      </div>
      <div className={styles.scroll}>
        <Pages />
        {state === 'waiting' && rows.length === 0 && <Bones />}
        {state !== 'waiting' && rows.length === 0 && <p className={styles.empty}>{t('app.kinds.empty')}</p>}
        {rows.length > 0 && shown.length === 0 && <p className={styles.empty}>{t('ui.nothingMatches')}</p>}
        {favorites.length > 0 && (
          <Section name="favorites" title={t('app.kinds.favorites')} kinds={favorites} active={active} />
        )}
        {sectionsOf(shown).map((section) => (
          <Section
            key={section.name}
            name={section.name}
            title={section.custom ? section.name : t(`app.kinds.section.${section.name}`)}
            mono={section.custom}
            kinds={section.kinds}
            active={favorites.some((kind) => kind.id === active) ? undefined : active}
            forceOpen={filter !== ''}
          />
        ))}
      </div>
    </nav>
  );
}

/** Pages of the chapter that are no list of a kind. */
const pages = [
  { path: '/helm', title: 'helm.title' },
  { path: '/crds', title: 'crds.short' },
];

function Pages() {
  const { path } = useLocation();
  return (
    <ul className={styles.section}>
      {pages.map((page) => {
        const active = path === page.path || path.startsWith(`${page.path}/`);
        return (
          <li key={page.path} className={classes(styles.kind, active && styles.active)}>
            <a href={href(page.path)} aria-current={active ? 'page' : undefined}>
              <span className={styles.kindName}>{t(page.title)}</span>
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function Section(props: {
  name: string;
  title: string;
  kinds: readonly KindRow[];
  active: string | undefined;
  mono?: boolean;
  forceOpen?: boolean;
}) {
  const { folded, toggleFolded } = useLayout();
  const open = props.forceOpen === true || !folded.includes(props.name);
  return (
    <section className={styles.section}>
      <button
        type="button"
        className={styles.heading}
        aria-expanded={open}
        onClick={() => toggleFolded(props.name)}
        title={props.title}
      >
        <ChevronRight size={12} className={styles.chevron} data-open={open} aria-hidden />
        <span className={classes(styles.headingText, props.mono && styles.group)}>{props.title}</span>
      </button>
      {open && (
        <ul>
          {props.kinds.map((kind) => (
            <Kind key={kind.id} kind={kind} active={kind.id === props.active} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Kind({ kind, active }: { kind: KindRow; active: boolean }) {
  const { preferences, update } = usePreferences();
  const reason = forbiddenReason(kind);
  const favorite = preferences.favoriteKinds.includes(kind.id);
  // A warning event is news of the past; it does not wait for anyone.
  const failing = kind.resource === 'events' ? 0 : (kind.failing ?? 0);
  const toggle = () => {
    const next = favorite
      ? preferences.favoriteKinds.filter((id) => id !== kind.id)
      : [...preferences.favoriteKinds, kind.id];
    // A failure is told by the frame, which shows the old value again.
    update({ favoriteKinds: next }).catch(() => undefined);
  };
  return (
    <li className={classes(styles.kind, active && styles.active, reason !== undefined && styles.forbidden)}>
      <a
        href={href(pathOf('/resources/:kind', { kind: kind.id }))}
        aria-current={active ? 'page' : undefined}
        title={reason === undefined ? `${kindTitle(kind)}\n${kind.id}` : t('app.kinds.forbidden', { reason })}
      >
        <span className={styles.kindName}>{shortTitle(kind)}</span>
        {reason !== undefined && <span className="hidden-text">{t('app.kinds.forbidden', { reason })}</span>}
        {failing > 0 && (
          <span className={styles.failing}>
            <ToneShape tone="failed" size={7} />
            {formatCount(failing)}
            <span className="hidden-text"> {t('app.kinds.failing')}</span>
          </span>
        )}
      </a>
      <IconButton
        size="s"
        className={styles.star}
        icon={Star}
        filled={favorite}
        pressed={favorite}
        label={t(favorite ? 'app.kinds.unstar' : 'app.kinds.star', { name: kindTitle(kind) })}
        onClick={toggle}
      />
    </li>
  );
}

function Bones() {
  return (
    <div className={styles.bones}>
      {[72, 110, 84, 96, 64, 120, 90, 76].map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  );
}
