import { Clock, Copy, FolderTree, Layers, LayoutList, Link2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { KindRow, SearchHit } from '../../../core/cluster/resources/contract.ts';
import { useLive, useQuery } from '../../client/index.ts';
import { usePreferences } from '../../state/preferences.ts';
import { useRecent } from '../../state/recent.ts';
import { copyText, Dot, type MenuAction, StatusMark, ToneShape, t } from '../../ui/index.ts';
import { shownState, stateTones } from '../clusterState.ts';
import { type Command, keysOf, useAllCommands } from '../commands.ts';
import { features } from '../features.ts';
import { useObjectActions } from '../objectActions.ts';
import { formatLocation, fromDeepLink, listText, navigate, pathOf, toDeepLink } from '../router.ts';
import { setScope, useClusters } from '../scope.ts';
import { kindTitle } from '../sections/sections.ts';
import type { PaletteGroup, PaletteItem } from './items.tsx';
import { match, rank } from './match.ts';
import styles from './palette.module.css';
import { parsePalette } from './query.ts';

export interface PaletteResult {
  groups: readonly PaletteGroup[];
  /** Being asked; what is shown answers an earlier text. */
  searching: boolean;
  /** What could not be searched. */
  incomplete: readonly string[];
  error: string | undefined;
}

/** The engine is asked once the typing pauses that long, milliseconds. */
const pauseMs = 50;
/** How often an answer that is not complete is asked for again, milliseconds. */
const againMs = 1_500;

function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

/** What the palette shows for what was typed. */
export function usePaletteGroups(typed: string): PaletteResult {
  const query = parsePalette(typed);
  const actionsOf = useObjectActions();
  const { rows: clusters, byId } = useClusters();
  const { rows: kinds } = useLive((client) => client.resources.kinds, {});
  const { preferences } = usePreferences();
  const recent = useRecent((state) => state.items);
  const commands = useAllCommands().filter((command) => command.when?.() !== false);

  const link = fromDeepLink(typed.trim());
  const text = query.mode === 'search' && link === undefined ? query.text : '';
  const only =
    'cluster' in query && query.cluster !== undefined ? matchingClusters(clusters, query.cluster) : undefined;
  const asked = usePaused(text);
  // Asked without words as well: the engine then begins to watch the kinds that the next letters will look for.
  const search = useQuery((client) => client.resources.search, {
    text: asked,
    limit: 12,
    ...(only !== undefined && { clusters: only }),
  });
  // What is still being listed may hold what is looked for: ask again until nothing is missing any more.
  const { reload } = search;
  const listing = text !== '' && (search.data?.incomplete.length ?? 0) > 0;
  useEffect(() => {
    if (!listing) return;
    const timer = setInterval(reload, againMs);
    return () => clearInterval(timer);
  }, [listing, reload]);

  // Until the answer is there, those of the answer before stay that fit: Enter must not open what nobody typed.
  const isAnswered = asked === text && !search.loading;
  const hits = (text === '' ? [] : (search.data?.hits ?? [])).filter(
    (hit) => isAnswered || match(hit.object.name, text) !== undefined,
  );

  const kindItem = (kind: KindRow, filter = ''): PaletteItem => ({
    id: `kind ${kind.id}`,
    title: kindTitle(kind),
    icon: LayoutList,
    detail: filter === '' ? kind.group : filter,
    perform: () =>
      navigate(formatLocation(pathOf('/resources/:kind', { kind: kind.id }), { filter, clusters: listText(only) })),
  });
  const rankKinds = (wanted: string, limit: number, filter = '') =>
    rankKindRows(kinds, wanted, limit).map(({ item, ranges }) => ({ ...kindItem(item, filter), ranges }));
  const rankClusters = (wanted: string, limit: number) =>
    rank(clusters, wanted, (cluster) => cluster.name, limit).map(({ item, ranges }) => ({
      ...clusterItem(item),
      ranges,
    }));
  const commandItem = (command: Command): PaletteItem => ({
    id: `command ${command.id}`,
    title: t(command.label, command.labelValues),
    ...(command.icon !== undefined && { icon: command.icon }),
    detail: t(command.group),
    keys: keysOf(command, preferences.keymap)[0],
    perform: command.perform,
  });
  const rankCommands = (wanted: string, limit: number) =>
    rank(
      commands.filter((command) => command.quiet !== true),
      wanted,
      (command) => t(command.label, command.labelValues),
      limit,
    ).map(({ item, ranges }) => ({ ...commandItem(item), ranges }));
  const views = features.flatMap(({ id, chapter }) =>
    chapter === undefined
      ? []
      : [{ id: `view ${id}`, title: t(chapter.title), icon: chapter.icon, perform: () => navigate(chapter.path) }],
  );
  const savedViews = preferences.views.map((view) => ({
    id: `saved ${view.id}`,
    title: view.name,
    icon: Layers,
    detail: view.kind,
    perform: () =>
      navigate(formatLocation(pathOf('/resources/:kind', { kind: view.kind }), { view: view.id, filter: view.filter })),
  }));

  const done = (groups: PaletteGroup[]): PaletteResult => ({
    groups: groups.filter((group) => group.items.length > 0),
    searching: text !== '' && (search.loading || asked !== text),
    incomplete: text === '' ? [] : (search.data?.incomplete ?? []),
    error: search.error?.message,
  });

  if (link !== undefined) {
    const item = { id: 'link', title: link, mono: true, icon: Link2, perform: () => navigate(link) };
    return done([{ id: 'link', title: t('app.palette.link'), items: [item] }]);
  }
  switch (query.mode) {
    case 'home':
      return done([
        {
          id: 'recent',
          title: t('app.palette.recent'),
          items: recent.slice(0, 6).map((item) => ({
            id: `recent ${item.address}`,
            title: item.title,
            icon: Clock,
            detail: item.detail,
            perform: () => navigate(item.address),
          })),
        },
        {
          id: 'favorites',
          title: t('app.palette.favorites'),
          items: [
            ...preferences.favoriteKinds
              .flatMap((id) => kinds.find((kind) => kind.id === id) ?? [])
              .map((kind) => kindItem(kind)),
            ...clusters.filter((cluster) => cluster.favorite).map(clusterItem),
          ],
        },
        { id: 'views', title: t('app.palette.views'), items: [...views, ...savedViews] },
      ]);
    case 'commands':
      return done([{ id: 'commands', title: t('app.palette.commands'), items: rankCommands(query.text, 60) }]);
    case 'kinds':
      return done([{ id: 'kinds', title: t('app.palette.kinds'), items: rankKinds(query.text, 60, query.filter) }]);
    case 'clusters':
      return done([{ id: 'clusters', title: t('app.palette.clusters'), items: rankClusters(query.text, 60) }]);
    case 'search':
      return done([
        {
          id: 'kinds',
          title: t('app.palette.kinds'),
          items: rankKinds(query.text, 3),
        },
        {
          id: 'objects',
          title: t('app.palette.objects', { count: search.data?.total ?? 0 }),
          items: hits.map((hit) => objectItem(hit, byId.get(hit.object.cluster), actionsOf)),
        },
        { id: 'clusters', title: t('app.palette.clusters'), items: rankClusters(query.text, 4) },
        {
          id: 'views',
          title: t('app.palette.views'),
          items: rank([...views, ...savedViews], query.text, (view) => view.title, 4).map(({ item, ranges }) => ({
            ...item,
            ranges,
          })),
        },
        { id: 'commands', title: t('app.palette.commands'), items: rankCommands(query.text, 5) },
      ]);
  }
}

function matchingClusters(clusters: readonly Cluster[], text: string): string[] | undefined {
  const found = rank(clusters, text, (cluster) => cluster.name, 5).map(({ item }) => item.key);
  return found.length === 0 ? undefined : found;
}

/** By short name first, as everybody types them: `po`, `deploy`, `svc`. */
function rankKindRows(kinds: readonly KindRow[], wanted: string, limit: number) {
  const lower = wanted.toLowerCase();
  const exact = kinds.filter((kind) => lower !== '' && (kind.shortNames.includes(lower) || kind.resource === lower));
  const rest = rank(
    kinds.filter((kind) => !exact.includes(kind)),
    wanted,
    kindTitle,
    limit,
  );
  return [...exact.map((item) => ({ item, score: 100, ranges: [] })), ...rest].slice(0, limit);
}

function clusterItem(cluster: Cluster): PaletteItem {
  return {
    id: `cluster ${cluster.key}`,
    title: cluster.name,
    mark: <Dot color={cluster.color} />,
    detail: <StatusMark tone={stateTones[shownState(cluster)]}>{t(`fleet.state.${shownState(cluster)}`)}</StatusMark>,
    perform: () => navigate(pathOf('/clusters/:cluster', { cluster: cluster.key })),
    actions: () => [
      {
        id: 'scope',
        label: t('app.palette.onlyCluster', { name: cluster.name }),
        icon: Layers,
        perform: () => setScope({ clusters: [cluster.key] }),
      },
      copyAction('name', t('app.palette.copyContext'), cluster.context),
      copyAction('server', t('app.palette.copyServer'), cluster.server),
      copyAction('link', t('app.palette.copyLink'), toDeepLink(pathOf('/clusters/:cluster', { cluster: cluster.key }))),
    ],
  };
}

function objectItem(
  hit: SearchHit,
  cluster: Cluster | undefined,
  actionsOf: ReturnType<typeof useObjectActions>,
): PaletteItem {
  const { object } = hit;
  const owner = features.find((feature) => feature.objectAddress !== undefined);
  const address =
    owner?.objectAddress?.(object) ??
    pathOf('/objects/:cluster/:kind/:namespace/:name', { ...object, namespace: object.namespace || '-' });
  return {
    id: `object ${hit.key}`,
    title: object.name,
    ranges: hit.ranges,
    mono: true,
    mark: <ToneShape tone={hit.tone} />,
    detail: (
      <>
        <span className={styles.kindColumn}>{hit.kindName}</span>
        <span className={styles.placeColumn}>{object.namespace}</span>
        <span className={styles.clusterColumn}>
          {cluster !== undefined && <Dot color={cluster.color} />}
          <span>{cluster?.name}</span>
        </span>
        <span className="hidden-text">{hit.status}</span>
      </>
    ),
    perform: () => navigate(address),
    actions: () => [
      { id: 'open', label: t('app.palette.open'), icon: FolderTree, perform: () => navigate(address) },
      ...actionsOf([object]).flatMap(({ actions }) => actions),
    ],
  };
}

function copyAction(id: string, label: string, text: string): MenuAction {
  // Where the clipboard is refused there is nothing to do but to leave the text on the screen, where it can be selected.
  return { id, label, icon: Copy, perform: () => void copyText(text).catch(() => undefined) };
}
