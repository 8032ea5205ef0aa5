import { Bell, Boxes, ChevronDown, CircleHelp, Layers, Moon, Search, Sun } from 'lucide-react';
import { useMemo } from 'react';
import type { Cluster } from '../../core/cluster/fleet/contract.ts';
import { useLink, useLive } from '../client/index.ts';
import { useOverlays } from '../state/overlays.ts';
import { usePreferences } from '../state/preferences.ts';
import { ChipButton, classes, Dot, IconButton, Kbd, MultiSelect, StatusMark, ToneShape, t } from '../ui/index.ts';
import { shownState, stateTones } from './clusterState.ts';
import { Notices } from './Notices.tsx';
import { href } from './router.ts';
import { setScope, useClusters, useScope } from './scope.ts';
import styles from './shell.module.css';
import { useKeysOf } from './useKeysOf.ts';

/** Which part of the fleet is looked at, search, and how current it is. */
export function TopBar() {
  const openPalette = useOverlays((overlays) => overlays.openPalette);
  const openHelp = useOverlays((overlays) => overlays.openHelp);
  const paletteKeys = useKeysOf('app.palette');
  const helpKeys = useKeysOf('app.help');
  return (
    <header className={styles.top}>
      <a className={styles.brand} href={href('/fleet')}>
        <span className="hidden-text">{t('app.home')}</span>
        <svg width="22" height="22" viewBox="0 0 24 24" fill="none" aria-hidden="true">
          <path d="M12 1.8 20.8 6.9v10.2L12 22.2 3.2 17.1V6.9Z" fill="var(--accent)" />
          <path
            d="M6.5 14.2h3l1.7-5 2.2 7 1.5-4h2.6"
            stroke="var(--accent-ink)"
            strokeWidth="1.7"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
      </a>
      <section className={styles.scope} aria-label={t('app.scope.label')}>
        <ClusterScope />
        <NamespaceScope />
      </section>
      <button type="button" className={styles.find} onClick={() => openPalette()}>
        <Search size={14} aria-hidden />
        <span>{t('app.search')}</span>
        {paletteKeys !== undefined && <Kbd keys={paletteKeys} />}
      </button>
      <div className={styles.topEnd}>
        <Moment />
        <Notices icon={Bell} />
        <ThemeSwitch />
        <IconButton label={t('app.help.title')} keys={helpKeys} icon={CircleHelp} onClick={openHelp} />
      </div>
    </header>
  );
}

function ClusterScope() {
  const { rows, byId } = useClusters();
  const { clusters } = useScope();
  const shown = clusters?.map((id) => byId.get(id)).filter((cluster) => cluster !== undefined);
  const text =
    clusters === undefined
      ? t('app.scope.allClusters')
      : clusters.length === 1
        ? (shown?.[0]?.name ?? clusters[0] ?? '')
        : t('app.scope.clusters', { count: clusters.length });
  const options = useMemo(
    () =>
      [...rows].sort(favoritesFirst).map((cluster) => ({
        value: cluster.key,
        label: cluster.name,
        mark: <Dot color={cluster.color} />,
        detail: (
          <StatusMark tone={stateTones[shownState(cluster)]}>{t(`fleet.state.${shownState(cluster)}`)}</StatusMark>
        ),
      })),
    [rows],
  );
  return (
    <MultiSelect
      label={t('app.scope.chooseClusters')}
      value={clusters}
      onChange={(next) => setScope({ clusters: next })}
      empty={t('app.scope.noClusters')}
      options={options}
    >
      <ChipButton className={styles.scopeChip} title={shown?.map((cluster) => cluster.name).join(', ')}>
        {shown === undefined ? (
          <Layers size={14} aria-hidden />
        ) : (
          <span className={styles.dots}>
            {shown.slice(0, 4).map((cluster) => (
              <Dot key={cluster.key} color={cluster.color} />
            ))}
          </span>
        )}
        <span className={styles.scopeText}>{text}</span>
        <ChevronDown size={12} aria-hidden />
      </ChipButton>
    </MultiSelect>
  );
}

/** Those that are looked at most, then by name as people count: `load-9` before `load-10`. */
function favoritesFirst(a: Cluster, b: Cluster): number {
  return Number(b.favorite) - Number(a.favorite) || a.name.localeCompare(b.name, 'en', { numeric: true });
}

function NamespaceScope() {
  const { clusters, namespaces } = useScope();
  const { head } = useLive((client) => client.resources.kinds, clusters === undefined ? {} : { clusters });
  const known = new Set([...(head?.namespaces ?? []), ...(namespaces ?? [])]);
  const text =
    namespaces === undefined
      ? t('app.scope.allNamespaces')
      : namespaces.length === 1
        ? (namespaces[0] ?? '')
        : t('app.scope.namespaces', { count: namespaces.length });
  return (
    <MultiSelect
      label={t('app.scope.chooseNamespaces')}
      value={namespaces}
      onChange={(next) => setScope({ namespaces: next })}
      empty={t('app.scope.noNamespaces')}
      options={[...known].sort().map((namespace) => ({ value: namespace, label: namespace }))}
    >
      <ChipButton className={styles.scopeChip} title={namespaces?.join(', ')}>
        <Boxes size={14} aria-hidden />
        <span className={styles.scopeText}>{text}</span>
        <ChevronDown size={12} aria-hidden />
      </ChipButton>
    </MultiSelect>
  );
}

/** What moment is shown: live, or since when it is not. */
function Moment() {
  const { state } = useLink();
  const tone = state === 'connected' ? 'healthy' : state === 'closed' ? 'failed' : 'warning';
  return (
    <span className={classes(styles.moment)} data-tone={tone} role="status">
      <ToneShape tone={tone} size={8} />
      {t(`app.moment.${state}`)}
    </span>
  );
}

function ThemeSwitch() {
  const { preferences, update } = usePreferences();
  const dark = document.documentElement.dataset.theme === 'dark';
  const next = dark ? 'light' : 'dark';
  return (
    <IconButton
      label={t(`app.theme.${next}`)}
      icon={dark ? Sun : Moon}
      onClick={() => void update({ theme: next }).catch(() => undefined)}
      data-theme-now={preferences.theme}
    />
  );
}
