import { Waypoints } from 'lucide-react';
import { useContext, useEffect, useMemo, useState } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { Layer, TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { FeaturesContext, useObjectActions } from '../../app/objectActions.ts';
import { formatLocation, goToLast, navigate, pathOf, setParams, useLocation } from '../../app/router.ts';
import { setScope, useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import {
  Button,
  EmptyState,
  ErrorState,
  formatCount,
  type MenuGroup,
  SearchInput,
  Segments,
  Skeleton,
  Strip,
  ToneShape,
  t,
  tonesByUrgency,
  useDelayed,
} from '../../ui/index.ts';
import { addressParams, forms, layers, measures, readAddress, type TopologyAddress } from './address.ts';
import { GraphList } from './GraphList.tsx';
import { GraphView } from './GraphView.tsx';
import { HostMap } from './HostMap.tsx';
import css from './topology.module.css';

const set = (change: Partial<TopologyAddress>, replace = false) => setParams(addressParams(change), { replace });

/** How the fleet hangs together: the graph, the same as a list, or every node with its pods. */
export function TopologyPage() {
  const { params } = useLocation();
  const address = useMemo(() => readAddress(params), [params]);
  const features = useContext(FeaturesContext);
  const resources = features.find(({ ObjectDrawer }) => ObjectDrawer !== undefined);
  const Drawer = resources?.ObjectDrawer;
  const open = (object: ObjectRef) => {
    const show = resources?.writeObject?.(object);
    if (show !== undefined) setParams({ show, tab: undefined });
  };
  const { form } = address;
  return (
    <div className={css.page}>
      <section className={css.main} aria-label={t('topology.title')}>
        <Toolbar address={address} />
        {form === 'map' ? <MapPart address={address} onOpen={open} /> : <GraphPart address={address} onOpen={open} />}
      </section>
      {Drawer !== undefined && params.show !== undefined && (
        <Drawer show={params.show} tab={params.tab} onClose={() => setParams({ show: undefined, tab: undefined })} />
      )}
    </div>
  );
}

function Toolbar({ address }: { address: TopologyAddress }) {
  const { form, by, filter, measure } = address;
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  useEffect(() => {
    if (text === filter) return;
    const timer = setTimeout(() => set({ filter: text }, true), 200);
    return () => clearTimeout(timer);
  }, [text, filter]);
  const option = <T extends string>(value: T, key: string) => ({ value, label: t(`topology.${key}.${value}`) });
  const toggle = (layer: Layer) =>
    set({
      layers: address.layers.includes(layer) ? address.layers.filter((it) => it !== layer) : [...address.layers, layer],
    });
  return (
    <header className={css.toolbar}>
      <h1 className={css.title}>{t('topology.title')}</h1>
      <Segments
        label={t('topology.formLabel')}
        options={forms.map((value) => option(value, 'form'))}
        value={form}
        onChange={(value) => set({ form: value })}
      />
      <SearchInput label={t('topology.filter')} value={text} onChange={setText} className={css.filter} />
      {form === 'map' ? (
        <Segments
          label={t('topology.measureLabel')}
          options={measures.map((value) => option(value, 'measure'))}
          value={measure}
          onChange={(value) => set({ measure: value })}
        />
      ) : (
        <>
          <Segments
            label={t('topology.byLabel')}
            options={(['namespace', 'app'] as const).map((value) => option(value, 'by'))}
            value={by}
            onChange={(value) => set({ by: value, open: [] })}
          />
          <fieldset className={css.layers} aria-label={t('topology.layersLabel')}>
            {layers.map((layer) => (
              <button
                key={layer}
                type="button"
                className={css.layer}
                aria-pressed={address.layers.includes(layer)}
                onClick={() => toggle(layer)}
              >
                {t(`topology.layer.${layer}`)}
              </button>
            ))}
          </fieldset>
        </>
      )}
    </header>
  );
}

function useQueryOf(address: TopologyAddress) {
  const scope = useScope();
  return useMemo(
    () => ({
      ...(scope.clusters !== undefined && { clusters: scope.clusters }),
      ...(scope.namespaces !== undefined && { namespaces: scope.namespaces }),
      filter: address.filter,
    }),
    [scope.clusters, scope.namespaces, address.filter],
  );
}

function GraphPart({ address, onOpen }: { address: TopologyAddress; onOpen(object: ObjectRef): void }) {
  const scoped = useQueryOf(address);
  const { by, layers: shown, open, focus } = address;
  const query = { ...scoped, by, layers: shown, open, ...(focus !== undefined && { focus }) };
  const { head, rows, state, error, retry } = useLive((client) => client.topology.graph, query);
  const actionsOf = useObjectActions();
  const waiting = useDelayed(state === 'waiting' && rows.length === 0);
  // What is opened changes the answer, not the question: all else stays where it is.
  const question = JSON.stringify([scoped, by, shown, focus]);
  const openNode = (node: TopologyNode) => {
    if (node.object !== undefined) onOpen(node.object);
    else if (node.form === 'groups') setScope({ clusters: [node.cluster] });
    else if (node.form === 'group') set({ open: [...open, node.key.slice('group:'.length)] });
    else if (node.form === 'pods') set({ open: [...open, node.key] });
    else if (node.kind === 'nodes') set({ layers: [...shown, 'hosts'] });
    else set({ open: [...new Set([...open, node.group])] });
  };
  const menuOf = (node: TopologyNode): MenuGroup[] => {
    if (node.object !== undefined) return actionsOf([node.object]);
    const list = listOf(node, address.filter);
    return [
      {
        id: 'topology',
        actions: [
          { id: 'topology.expand', label: t('topology.expand'), perform: () => openNode(node) },
          ...(list === undefined
            ? []
            : [{ id: 'topology.list', label: t('topology.asList'), perform: () => navigate(list) }]),
        ],
      },
    ];
  };
  if (error !== undefined && head === undefined) {
    return <ErrorState title={t('topology.failed')} error={error} onRetry={retry} />;
  }
  if (head === undefined || (head.loading && rows.length === 0))
    return waiting || head !== undefined ? <Bones /> : null;
  return (
    <>
      <Summary objects={head.objects} tones={head.tones} nodes={rows.length} aggregates={head.aggregates}>
        {open.length > 0 && (
          <Button size="s" variant="quiet" onClick={() => set({ open: [] })}>
            {t('topology.collapse')}
          </Button>
        )}
        {focus !== undefined && (
          <Button size="s" variant="quiet" onClick={() => set({ focus: undefined })}>
            {t('topology.unfocus', { name: focus.name })}
          </Button>
        )}
      </Summary>
      <Problems filterProblems={head.filterProblems} problems={head.problems} loading={head.loading} />
      {focus !== undefined && head.focus === null && !head.loading && (
        <Strip tone="unknown">{t('topology.focusGone', { name: focus.name })}</Strip>
      )}
      {rows.length === 0 ? (
        <Nothing filtered={address.filter !== ''} />
      ) : address.form === 'list' ? (
        <GraphList head={head} rows={rows} onOpen={openNode} />
      ) : (
        <GraphView head={head} rows={rows} question={question} onOpen={openNode} menuOf={menuOf} onLeave={goToLast} />
      )}
    </>
  );
}

function MapPart({ address, onOpen }: { address: TopologyAddress; onOpen(object: ObjectRef): void }) {
  const query = useQueryOf(address);
  const { head, rows, state, error, retry } = useLive((client) => client.topology.map, query);
  const waiting = useDelayed(state === 'waiting' && rows.length === 0);
  if (error !== undefined && head === undefined) {
    return <ErrorState title={t('topology.failed')} error={error} onRetry={retry} />;
  }
  if (head === undefined || (head.loading && rows.length === 0))
    return waiting || head !== undefined ? <Bones /> : null;
  return (
    <>
      <Summary objects={head.pods} tones={head.tones} nodes={head.hosts} aggregates={0} map />
      <Problems filterProblems={head.filterProblems} problems={head.problems} loading={head.loading} />
      {rows.length === 0 ? (
        <Nothing filtered={address.filter !== ''} />
      ) : (
        <HostMap hosts={rows} pods={head.pods} measure={address.measure} onOpen={onOpen} />
      )}
    </>
  );
}

function Summary(props: {
  objects: number;
  tones: Readonly<Record<string, number>>;
  nodes: number;
  aggregates: number;
  map?: boolean;
  children?: React.ReactNode;
}) {
  const { objects, tones, nodes, aggregates, map } = props;
  const values = { objects: formatCount(objects), nodes: formatCount(nodes), aggregates: formatCount(aggregates) };
  return (
    <div className={css.summary}>
      <span>
        {t(map ? 'topology.mapSummary' : aggregates > 0 ? 'topology.summaryMore' : 'topology.summary', values)}
      </span>
      {tonesByUrgency
        .filter((tone) => (tones[tone] ?? 0) > 0)
        .map((tone) => (
          <span key={tone} className={css.toneCount}>
            <ToneShape tone={tone} size={9} /> {formatCount(tones[tone] ?? 0)} {t(`ui.tone.${tone}`).toLowerCase()}
          </span>
        ))}
      {props.children}
    </div>
  );
}

function Problems(props: {
  filterProblems: readonly { message: string }[];
  problems: readonly string[];
  loading: boolean;
}) {
  const [first] = props.filterProblems;
  return (
    <>
      {first !== undefined && <Strip tone="warning">{first.message}</Strip>}
      {props.problems.length > 0 && <Strip tone="warning">{props.problems.join(' · ')}</Strip>}
      {props.loading && <Strip tone="progressing">{t('topology.loading')}</Strip>}
    </>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState title={t(filtered ? 'topology.noMatch' : 'topology.nothing')} icon={Waypoints}>
      {t(filtered ? 'topology.noMatchText' : 'topology.nothingText')}
    </EmptyState>
  );
}

function Bones() {
  return (
    <div className={css.bones} aria-busy="true">
      {[0, 1, 2, 3, 4, 5].map((each) => (
        <Skeleton key={each} height={120} />
      ))}
    </div>
  );
}

/** The list of what an aggregate stands for. */
function listOf(node: TopologyNode, filter: string): string | undefined {
  if (node.kind === '') return undefined;
  const path = pathOf('/resources/:kind', { kind: node.kind });
  return formatLocation(path, {
    clusters: node.cluster,
    namespaces: node.namespace,
    filter: [node.filter, filter].filter(Boolean).join(' '),
  });
}
