import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import type { HostRow } from '../../../core/cluster/topology/contract.ts';
import { useCommands } from '../../app/commands.ts';
import { formatBytes, formatCount, formatMillicores, formatPercent, StatusMark, type Tone, t } from '../../ui/index.ts';
import type { Measure } from './address.ts';
import { drawHosts } from './hostDraw.ts';
import { type HostSpot, type HostTile, placeHosts, spotAt, stepOnMap } from './hostLayout.ts';
import { usePalette } from './palette.ts';
import css from './topology.module.css';

const order: readonly Tone[] = ['healthy', 'progressing', 'warning', 'failed', 'unknown', 'stopped'];

/** Every node with its pods on one canvas that is as large as the window and drawn as far as it is scrolled. */
export function HostMap(props: {
  hosts: readonly HostRow[];
  pods: number;
  measure: Measure;
  onOpen(object: ObjectRef): void;
}) {
  const { hosts, measure, onOpen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState({ width: 0, height: 0 });
  const [scroll, setScroll] = useState(0);
  const [spot, setSpot] = useState<HostSpot>();
  const [tip, setTip] = useState<{ spot: HostSpot; x: number; y: number }>();
  const layout = useMemo(() => placeHosts(hosts, view.width), [hosts, view.width]);
  const palette = usePalette();
  // The same node and pod after the rows changed.
  const current = useMemo(() => {
    const tile = spot === undefined ? undefined : layout.tiles.find(({ host }) => host.key === spot.tile.host.key);
    return tile === undefined ? undefined : { tile, pod: spot?.pod };
  }, [layout, spot]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setView({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context == null || view.width === 0) return;
    const request = requestAnimationFrame(() => {
      const [width, height] = [Math.round(view.width * devicePixelRatio), Math.round(view.height * devicePixelRatio)];
      if (element.width !== width) element.width = width;
      if (element.height !== height) element.height = height;
      const fontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 13;
      const title = (tile: HostTile) => hostTitle(tile.host, false);
      drawHosts(context, { layout, palette, measure, scroll, view, spot: current, fontSize, title });
    });
    return () => cancelAnimationFrame(request);
  }, [layout, palette, measure, scroll, view, current]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the spot is brought into view when it moves, not when the page does
  useEffect(() => {
    const element = scroller.current;
    if (current === undefined || element === null) return;
    const { y, height } = current.tile;
    if (y < element.scrollTop) element.scrollTop = y - 10;
    else if (y + height > element.scrollTop + view.height) element.scrollTop = y + height - view.height + 10;
  }, [spot]);

  const open = ({ tile, pod }: HostSpot) => {
    const { host } = tile;
    const named = pod === undefined ? undefined : host.pods?.[pod];
    if (named !== undefined) {
      const [namespace = '', name = ''] = named.split('/');
      onOpen({ cluster: host.cluster, kind: 'pods', namespace, name });
    } else if (host.name !== '') onOpen({ cluster: host.cluster, kind: 'nodes', namespace: '', name: host.name });
  };
  const find = (event: { clientX: number; clientY: number }) => {
    const bounds = canvas.current?.getBoundingClientRect();
    const [x, y] = [event.clientX - (bounds?.left ?? 0), event.clientY - (bounds?.top ?? 0)];
    const found = spotAt(layout, x, y + scroll);
    return found === undefined ? undefined : { spot: found, x, y };
  };
  const hasKeys = () => document.activeElement === canvas.current;
  const arrow = (direction: 'left' | 'right' | 'up' | 'down', key: string) => ({
    id: `topology.map.${direction}`,
    label: `topology.commands.${direction}`,
    group: 'topology.group',
    keys: [key],
    quiet: true,
    when: hasKeys,
    perform: () => setSpot(stepOnMap(layout, current, direction)),
  });
  useCommands([
    arrow('left', 'ArrowLeft'),
    arrow('right', 'ArrowRight'),
    arrow('up', 'ArrowUp'),
    arrow('down', 'ArrowDown'),
    {
      id: 'topology.map.open',
      label: 'topology.commands.open',
      group: 'topology.group',
      keys: ['Enter'],
      quiet: true,
      when: () => hasKeys() && current !== undefined,
      perform: () => {
        if (current !== undefined) open(current);
      },
    },
  ]);
  return (
    <div className={css.mapFrame}>
      <div ref={scroller} className={css.mapScroll} onScroll={(event) => setScroll(event.currentTarget.scrollTop)}>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: arrows move in it, and the lists of nodes and pods show the same */}
        <canvas
          ref={canvas}
          className={css.mapCanvas}
          style={{ width: view.width, height: view.height }}
          tabIndex={0}
          role="application"
          aria-label={t('topology.mapCanvas', {
            hosts: hosts.filter(({ name }) => name !== '').length,
            pods: props.pods,
          })}
          data-hosts={layout.tiles.length}
          onPointerMove={(event) => setTip(find(event))}
          onPointerLeave={() => setTip(undefined)}
          onClick={(event) => {
            const found = find(event);
            setSpot(found?.spot);
            if (found !== undefined) open(found.spot);
          }}
        />
        <div style={{ height: Math.max(0, layout.height - view.height) }} />
      </div>
      <p className={css.spoken} aria-live="polite">
        {current === undefined ? '' : spotWords(current)}
      </p>
      {tip !== undefined && <SpotTip tip={tip} view={view} />}
    </div>
  );
}

function hostTitle(host: HostRow, withCluster: boolean): string {
  const name = host.name === '' ? t('topology.nowhere') : host.name;
  return withCluster ? `${name} · ${host.clusterName}` : name;
}

function spotWords({ tile, pod }: HostSpot): string {
  const { host } = tile;
  if (pod === undefined) return `${hostTitle(host, true)}, ${t(`ui.tone.${host.tone}`)}`;
  return `${host.pods?.[pod] ?? ''}, ${host.podStatuses?.[pod] ?? ''}`;
}

function SpotTip({
  tip,
  view,
}: {
  tip: { spot: HostSpot; x: number; y: number };
  view: { width: number; height: number };
}) {
  const { tile, pod } = tip.spot;
  const { host } = tile;
  const style = {
    ...(tip.x > view.width - 320 ? { right: view.width - tip.x + 14 } : { left: tip.x + 14 }),
    ...(tip.y > view.height - 140 ? { bottom: view.height - tip.y + 14 } : { top: tip.y + 14 }),
  };
  if (pod !== undefined && host.pods?.[pod] !== undefined) {
    return (
      <div className={css.tip} role="tooltip" style={style}>
        <p className={css.tipName}>{host.pods[pod]}</p>
        <StatusMark tone={order[host.podTones?.[pod] ?? 4] ?? 'unknown'}>{host.podStatuses?.[pod]}</StatusMark>
        <p className={css.dim}>
          {t('topology.requests', {
            cpu: formatMillicores(host.podCpu?.[pod] ?? 0),
            memory: formatBytes(host.podMemory?.[pod] ?? 0),
          })}
        </p>
      </div>
    );
  }
  const pods = Object.values(host.tones).reduce((sum, count) => sum + count, 0);
  return (
    <div className={css.tip} role="tooltip" style={style}>
      <p className={css.tipName}>{hostTitle(host, true)}</p>
      {host.name !== '' && <StatusMark tone={host.tone}>{host.status || undefined}</StatusMark>}
      <p>{t('topology.pods', { count: pods, number: formatCount(pods) })}</p>
      {host.cpu > 0 && (
        <p className={css.dim}>
          {t('topology.requested', {
            cpu: formatPercent(host.cpuRequested / host.cpu),
            memory: formatPercent(host.memory > 0 ? host.memoryRequested / host.memory : 0),
          })}
        </p>
      )}
    </div>
  );
}
