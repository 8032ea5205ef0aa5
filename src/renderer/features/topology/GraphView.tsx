import { Maximize, Minus, Plus, RefreshCw } from 'lucide-react';
import { type PointerEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { TopologyHead, TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { useCommands } from '../../app/commands.ts';
import { ContextMenu, IconButton, type MenuGroup, t } from '../../ui/index.ts';
import { broughtIn, type Camera, centred, fitted, zoomAt } from './camera.ts';
import { drawScene, nodeAt } from './draw.ts';
import { NodeTip } from './NodeTip.tsx';
import { usePalette } from './palette.ts';
import { type Direction, graphOf, pathThrough, stepFrom } from './paths.ts';
import css from './topology.module.css';
import { useArranged } from './useArranged.ts';
import { nodeWords } from './words.ts';

export interface GraphViewProps {
  head: TopologyHead;
  rows: readonly TopologyNode[];
  /** Another value lays everything out anew: another question, not another answer. */
  question: string;
  onOpen(node: TopologyNode): void;
  menuOf(node: TopologyNode): MenuGroup[];
  onLeave(): void;
}

/** The picture: one canvas, drawn when something changed and not otherwise. */
export function GraphView({ head, rows, question, onOpen, menuOf, onLeave }: GraphViewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ width: 0, height: 0 });
  const [camera, setCamera] = useState<Camera>({ x: 0, y: 0, zoom: 1 });
  const [focus, setFocus] = useState<string>();
  const [hover, setHover] = useState<{ key: string; x: number; y: number }>();
  const [menu, setMenu] = useState<MenuGroup[]>([]);
  const [turns, setTurns] = useState(0);
  const turn = `${question} ${turns}`;
  // Some cluster may never answer: then what is there is settled, too.
  const [patient, setPatient] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setPatient(false), 3000);
    return () => clearTimeout(timer);
  }, []);
  const settled = !head.loading || !patient;
  const layout = useArranged(rows, turn, settled);
  const graph = useMemo(() => graphOf(rows), [rows]);
  const groups = useMemo(() => new Map(head.groups.map((group) => [group.key, group])), [head.groups]);
  const manyClusters = useMemo(() => new Set(rows.map(({ cluster }) => cluster)).size > 1, [rows]);
  const palette = usePalette();
  const followed = hover?.key ?? focus;
  const lit = useMemo(
    () => (followed === undefined || !graph.byKey.has(followed) ? undefined : pathThrough(graph, followed)),
    [graph, followed],
  );

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setView({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // A question's first layout is looked at from where it can be read; once it is settled, only the user moves.
  const looked = useRef({ turn: '', layout });
  useEffect(() => {
    if (layout === undefined || view.width === 0 || looked.current.turn === turn) return;
    if (looked.current.layout === layout) return;
    const target = head.focus === null ? undefined : layout.nodes.get(head.focus);
    if (head.focus !== null && target === undefined) return;
    looked.current = { turn: settled ? turn : '', layout };
    if (target === undefined || head.focus === null) setCamera(fitted(layout, view));
    else {
      const whole = fitted(layout, view);
      setCamera(whole.zoom >= 0.8 ? whole : centred(target, view, 1));
      setFocus(head.focus);
    }
  }, [layout, view, turn, head.focus, settled]);

  // The drawer takes a part of the window: what it shows stays in what is left.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the window changes, not with every step
  useEffect(() => {
    const box = focus === undefined ? undefined : layout?.nodes.get(focus);
    if (box !== undefined && view.width > 0) setCamera((now) => broughtIn(now, box, view));
  }, [view]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: drawn when any of what it shows changes
  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context == null || layout === undefined || view.width === 0) return;
    const request = requestAnimationFrame(() => {
      const [width, height] = [Math.round(view.width * devicePixelRatio), Math.round(view.height * devicePixelRatio)];
      if (element.width !== width) element.width = width;
      if (element.height !== height) element.height = height;
      const fontSize = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 13;
      const { focus: marked } = head;
      drawScene(context, { layout, graph, groups, manyClusters, palette, camera, view, focus, lit, marked, fontSize });
    });
    return () => cancelAnimationFrame(request);
  }, [layout, graph, groups, manyClusters, palette, camera, view, focus, lit, head.focus]);

  const pointOf = useCallback(
    (event: { clientX: number; clientY: number }) => {
      const bounds = canvas.current?.getBoundingClientRect();
      const [left, top] = [event.clientX - (bounds?.left ?? 0), event.clientY - (bounds?.top ?? 0)];
      return { left, top, x: camera.x + left / camera.zoom, y: camera.y + top / camera.zoom };
    },
    [camera],
  );
  const keyAt = (event: { clientX: number; clientY: number }) =>
    layout === undefined ? undefined : nodeAt(layout, pointOf(event));

  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    // React's own listener is passive: the page would scroll along.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const bounds = element.getBoundingClientRect();
      const at = { x: event.clientX - bounds.left, y: event.clientY - bounds.top };
      if (event.shiftKey) setCamera((now) => ({ ...now, x: now.x + (event.deltaX + event.deltaY) / now.zoom }));
      else setCamera((now) => zoomAt(now, Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), at));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);

  const drag = useRef<{ x: number; y: number; moved: boolean } | undefined>(undefined);
  const onPointerDown = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, moved: false };
  };
  const onPointerMove = (event: PointerEvent<HTMLCanvasElement>) => {
    const from = drag.current;
    if (from === undefined) {
      const key = keyAt(event);
      const { left, top } = pointOf(event);
      if (key !== hover?.key) setHover(key === undefined ? undefined : { key, x: left, y: top });
      return;
    }
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.moved && Math.abs(dx) + Math.abs(dy) < 4) return;
    drag.current = { x: event.clientX, y: event.clientY, moved: true };
    looked.current = { turn, layout };
    setHover(undefined);
    setCamera((now) => ({ ...now, x: now.x - dx / now.zoom, y: now.y - dy / now.zoom }));
  };
  const onPointerUp = (event: PointerEvent<HTMLCanvasElement>) => {
    const from = drag.current;
    drag.current = undefined;
    if (from === undefined || from.moved) return;
    const key = keyAt(event);
    setFocus(key);
    const node = key === undefined ? undefined : graph.byKey.get(key);
    if (node !== undefined) onOpen(node);
  };

  const fit = () => layout !== undefined && setCamera(fitted(layout, view));
  const zoomBy = (factor: number) => setCamera((now) => zoomAt(now, factor, { x: view.width / 2, y: view.height / 2 }));
  const move = (direction: Direction) => {
    if (layout === undefined) return;
    const next = stepFrom(graph, layout, focus ?? head.focus ?? '', direction);
    const box = next === undefined ? undefined : layout.nodes.get(next);
    if (next === undefined || box === undefined) return;
    setFocus(next);
    setHover(undefined);
    setCamera((now) => broughtIn(now, box, view));
  };
  const hasKeys = () => document.activeElement === canvas.current;
  const arrow = (direction: Direction, keys: string[]) => ({
    id: `topology.${direction}`,
    label: `topology.commands.${direction}`,
    group: 'topology.group',
    keys,
    quiet: true,
    when: hasKeys,
    perform: () => move(direction),
  });
  useCommands([
    arrow('left', ['ArrowLeft', 'h']),
    arrow('right', ['ArrowRight']),
    arrow('up', ['ArrowUp', 'k']),
    arrow('down', ['ArrowDown', 'j']),
    {
      id: 'topology.open',
      label: 'topology.commands.open',
      group: 'topology.group',
      keys: ['Enter'],
      when: () => hasKeys() && focus !== undefined,
      perform: () => {
        const node = focus === undefined ? undefined : graph.byKey.get(focus);
        if (node !== undefined) onOpen(node);
      },
    },
    {
      id: 'topology.back',
      label: 'topology.commands.back',
      group: 'topology.group',
      keys: ['Escape'],
      when: hasKeys,
      perform: () => (focus === undefined ? onLeave() : setFocus(undefined)),
    },
    { id: 'topology.fit', label: 'topology.commands.fit', group: 'topology.group', keys: ['0'], perform: fit },
    {
      id: 'topology.zoomIn',
      label: 'topology.commands.zoomIn',
      group: 'topology.group',
      keys: ['+', '='],
      perform: () => zoomBy(1.25),
    },
    {
      id: 'topology.zoomOut',
      label: 'topology.commands.zoomOut',
      group: 'topology.group',
      keys: ['-'],
      when: hasKeys,
      perform: () => zoomBy(0.8),
    },
  ]);

  const focused = focus === undefined ? undefined : graph.byKey.get(focus);
  const hovered = hover === undefined ? undefined : graph.byKey.get(hover.key);
  return (
    <div ref={frame} className={css.frame}>
      <ContextMenu groups={menu}>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: arrows move in it, and the list shows the same */}
        <canvas
          ref={canvas}
          className={css.canvas}
          style={{ width: view.width, height: view.height, cursor: hovered === undefined ? 'grab' : 'pointer' }}
          tabIndex={0}
          role="application"
          aria-label={t('topology.canvas', { count: rows.length })}
          data-nodes={layout?.nodes.size ?? 0}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerLeave={() => setHover(undefined)}
          onContextMenu={(event) => {
            const key = keyAt(event) ?? (event.clientX === 0 ? focus : undefined);
            const node = key === undefined ? undefined : graph.byKey.get(key);
            if (key !== undefined) setFocus(key);
            setHover(undefined);
            setMenu(node === undefined ? [] : menuOf(node));
            if (node === undefined) event.preventDefault();
          }}
        />
      </ContextMenu>
      <p className={css.spoken} aria-live="polite">
        {focused === undefined ? '' : nodeWords(focused)}
      </p>
      {hovered !== undefined && hover !== undefined && <NodeTip node={hovered} at={hover} view={view} />}
      <div className={css.zoom}>
        <IconButton icon={Plus} label={t('topology.commands.zoomIn')} onClick={() => zoomBy(1.25)} />
        <IconButton icon={Minus} label={t('topology.commands.zoomOut')} onClick={() => zoomBy(0.8)} />
        <IconButton icon={Maximize} label={t('topology.commands.fit')} onClick={fit} />
        <IconButton icon={RefreshCw} label={t('topology.commands.arrange')} onClick={() => setTurns(turns + 1)} />
      </div>
    </div>
  );
}
