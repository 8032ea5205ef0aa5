import type { TopologyGroup, TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { splitName, type Tone, tonesByUrgency } from '../../ui/index.ts';
import type { Camera } from './camera.ts';
import type { Box, Layout } from './layout.ts';
import { drawTone, type Palette } from './palette.ts';
import type { Graph } from './paths.ts';
import { groupTitle, nodeDetail, nodeTitle } from './words.ts';

/** All that one picture is drawn from. */
export interface Scene {
  layout: Layout;
  graph: Graph;
  groups: ReadonlyMap<string, TopologyGroup>;
  manyClusters: boolean;
  palette: Palette;
  camera: Camera;
  view: { width: number; height: number };
  focus: string | undefined;
  /** Nodes of the path that is followed; the others are dimmed. */
  lit: ReadonlySet<string> | undefined;
  /** Keys of what an address points to. */
  marked: string | null;
  fontSize: number;
}

/** From here on there is room for both lines of a node; below, for its name alone, and then for none. */
const words = 0.62;
const names = 0.34;
const titles = 0.16;
const radius = 5;

export function drawScene(context: CanvasRenderingContext2D, scene: Scene): void {
  const { camera, view, palette, layout } = scene;
  const ratio = devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.sunken;
  context.fillRect(0, 0, view.width, view.height);
  const { zoom } = camera;
  context.setTransform(ratio * zoom, 0, 0, ratio * zoom, -camera.x * zoom * ratio, -camera.y * zoom * ratio);
  const seen: Box = { x: camera.x, y: camera.y, width: view.width / zoom, height: view.height / zoom };
  for (const [key, box] of layout.groups) if (meets(box, seen)) drawGroup(context, scene, key, box);
  drawEdges(context, scene, seen);
  for (const [key, node] of scene.graph.byKey) {
    const box = layout.nodes.get(key);
    if (box !== undefined && meets(box, seen)) drawNode(context, scene, { node, box });
  }
}

function meets(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function rounded(context: CanvasRenderingContext2D, { x, y, width, height }: Box, corner: number): void {
  context.beginPath();
  context.moveTo(x + corner, y);
  context.arcTo(x + width, y, x + width, y + height, corner);
  context.arcTo(x + width, y + height, x, y + height, corner);
  context.arcTo(x, y + height, x, y, corner);
  context.arcTo(x, y, x + width, y, corner);
  context.closePath();
}

function drawGroup(context: CanvasRenderingContext2D, scene: Scene, key: string, box: Box): void {
  const { palette, camera, groups, fontSize } = scene;
  const group = groups.get(key);
  rounded(context, box, 8);
  context.fillStyle = palette.surface;
  context.fill();
  context.strokeStyle = palette.line;
  context.lineWidth = 1 / Math.min(1, camera.zoom);
  context.stroke();
  if (group === undefined || camera.zoom < titles) return;
  // Titles stay legible for longer than the nodes do.
  const scale = Math.min(2.6, Math.max(1, 0.82 / camera.zoom));
  const size = fontSize * scale;
  const room = box.width - 28 - 16 * scale;
  const alarming = group.tone === 'failed' || group.tone === 'warning';
  if (alarming) {
    drawTone(context, palette, { tone: group.tone, x: box.x + 8 + 6 * scale, y: box.y + 16, size: 10 * scale });
  }
  context.font = `550 ${size}px ${palette.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = palette.text;
  const indent = alarming ? 10 + 14 * scale : 14;
  context.fillText(shortened(context, groupTitle(group, scene.manyClusters), room), box.x + indent, box.y + 16.5);
}

function drawEdges(context: CanvasRenderingContext2D, scene: Scene, seen: Box): void {
  const { layout, graph, palette, lit, camera } = scene;
  const plain = new Path2D();
  const followed = new Path2D();
  for (const [key, node] of graph.byKey) {
    const from = layout.nodes.get(key);
    if (from === undefined) continue;
    for (const { to, kind } of node.edges) {
      const target = layout.nodes.get(to);
      if (target === undefined) continue;
      const isLit = lit?.has(key) === true && lit.has(to);
      // Where things run crosses the whole picture: it is drawn only along a path that is followed.
      if (kind === 'runsOn' && !isLit) continue;
      const around = {
        x: Math.min(from.x, target.x),
        y: Math.min(from.y, target.y),
        width: Math.abs(from.x - target.x) + from.width,
        height: Math.abs(from.y - target.y) + from.height,
      };
      if (!meets(around, seen)) continue;
      curve(isLit ? followed : plain, from, target);
    }
  }
  context.lineWidth = Math.max(1, 0.7 / camera.zoom);
  context.strokeStyle = palette.lineStrong;
  context.globalAlpha = lit === undefined ? 1 : 0.35;
  context.stroke(plain);
  context.globalAlpha = 1;
  context.lineWidth *= 2;
  context.strokeStyle = palette.accent;
  context.stroke(followed);
}

function curve(path: Path2D, from: Box, to: Box): void {
  const y1 = from.y + from.height / 2;
  const y2 = to.y + to.height / 2;
  const ahead = to.x >= from.x + from.width;
  const back = to.x + to.width <= from.x;
  if (!ahead && !back) {
    // Above each other: around the right side.
    const x = from.x + from.width;
    path.moveTo(x, y1);
    path.bezierCurveTo(x + 30, y1, x + 30, y2, to.x + to.width, y2);
    return;
  }
  const x1 = ahead ? from.x + from.width : from.x;
  const x2 = ahead ? to.x : to.x + to.width;
  const bend = (x2 - x1) / 2;
  path.moveTo(x1, y1);
  path.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
}

function drawNode(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { node, box }: { node: TopologyNode; box: Box },
): void {
  const { palette, camera, lit, focus, marked } = scene;
  const { tone } = node;
  const colours = palette.tone[tone];
  const alarming = tone === 'failed' || tone === 'warning';
  context.globalAlpha = lit === undefined || lit.has(node.key) ? 1 : 0.3;
  const isAggregate = node.form !== 'object';
  if (isAggregate) {
    // A second sheet behind it: there is more than one.
    rounded(context, { ...box, x: box.x + 3, y: box.y + 3 }, radius);
    context.fillStyle = palette.raised;
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = palette.lineStrong;
    context.stroke();
  }
  rounded(context, box, radius);
  context.fillStyle = alarming ? colours.wash : palette.raised;
  context.fill();
  context.lineWidth = alarming ? 1.5 : 1;
  context.strokeStyle = alarming ? colours.fill : palette.lineStrong;
  context.stroke();
  if (camera.zoom >= words) drawWords(context, scene, { node, box });
  else if (camera.zoom >= names) drawName(context, scene, { node, box });
  else drawTone(context, palette, { tone, x: box.x + 22, y: box.y + box.height / 2, size: alarming ? 28 : 20 });
  if (node.tones !== undefined && isAggregate) drawShares(context, palette, node.tones, box);
  context.globalAlpha = 1;
  if (node.key !== focus && node.key !== marked) return;
  rounded(context, { x: box.x - 3, y: box.y - 3, width: box.width + 6, height: box.height + 6 }, radius + 3);
  context.lineWidth = 2 / Math.min(1, camera.zoom);
  context.strokeStyle = node.key === focus ? palette.focus : palette.accent;
  context.setLineDash(node.key === focus ? [] : [5, 4]);
  context.stroke();
  context.setLineDash([]);
}

function drawWords(
  context: CanvasRenderingContext2D,
  { palette, fontSize }: Scene,
  { node, box }: { node: TopologyNode; box: Box },
): void {
  const left = box.x + 24;
  const room = box.width - 34;
  drawTone(context, palette, { tone: node.tone, x: box.x + 13, y: box.y + 14, size: 10 });
  context.textBaseline = 'middle';
  const named = node.form === 'object';
  context.font = `${named ? `${fontSize - 1}px ${palette.mono}` : `550 ${fontSize - 0.5}px ${palette.font}`}`;
  context.fillStyle = palette.text;
  const title = nodeTitle(node);
  context.fillText(named ? middleShortened(context, title, room) : shortened(context, title, room), left, box.y + 14);
  context.font = `${fontSize - 2}px ${palette.font}`;
  context.fillStyle = node.tone === 'failed' || node.tone === 'warning' ? palette.tone[node.tone].text : palette.text3;
  const uses = (node.uses ?? []).reduce((sum, { count }) => sum + count, 0);
  const detail = nodeDetail(node);
  context.fillText(shortened(context, detail, room - (uses > 0 ? 36 : 0)), left, box.y + 29);
  if (uses === 0) return;
  context.fillStyle = palette.text3;
  context.textAlign = 'right';
  context.fillText(`⚙ ${uses}`, box.x + box.width - 8, box.y + 29);
  context.textAlign = 'left';
}

/** One line, as large as it takes to be read from afar. */
function drawName(
  context: CanvasRenderingContext2D,
  { palette, camera }: Scene,
  { node, box }: { node: TopologyNode; box: Box },
): void {
  const size = 10 / camera.zoom;
  const middle = box.y + box.height / 2;
  drawTone(context, palette, { tone: node.tone, x: box.x + 8 + size * 0.4, y: middle, size: size * 0.9 });
  context.textBaseline = 'middle';
  const named = node.form === 'object';
  context.font = `${size}px ${palette.font}`;
  context.fillStyle = palette.text;
  const left = 14 + size * 0.9;
  const [title, room] = [nodeTitle(node), box.width - left - 6];
  const shown = named ? middleShortened(context, title, room) : shortened(context, title, room);
  context.fillText(shown, box.x + left, middle);
}

/** What an aggregate is made of, along its foot: the worst first. */
function drawShares(
  context: CanvasRenderingContext2D,
  palette: Palette,
  tones: Readonly<Record<Tone, number>>,
  box: Box,
): void {
  const total = Object.values(tones).reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const width = box.width - 4;
  let x = box.x + 2;
  for (const tone of tonesByUrgency) {
    const count = tones[tone];
    if (count === 0) continue;
    // One failed pod of a thousand is seen, too.
    const share = Math.max((count / total) * width, 3);
    const end = Math.min(x + share, box.x + 2 + width);
    context.fillStyle = palette.tone[tone].fill;
    context.fillRect(x, box.y + box.height - 4, end - x, 3);
    x = end;
  }
}

const widths = new Map<string, string>();

/** Cut at the end. */
function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  return cut(context, text, room, (length) => `${text.slice(0, length)}…`);
}

/** Cut in the middle: the ends of names tell them apart. */
function middleShortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  const [, ending] = splitName(text);
  const tail = Math.max(Math.min(ending.length, 12), 5);
  return cut(context, text, room, (length) => {
    const end = Math.min(tail, length >> 1);
    return `${text.slice(0, length - end)}…${text.slice(text.length - end)}`;
  });
}

function cut(context: CanvasRenderingContext2D, text: string, room: number, at: (length: number) => string): string {
  const id = `${context.font}|${Math.round(room)}|${text}`;
  const known = widths.get(id);
  if (known !== undefined) return known;
  if (widths.size > 20_000) widths.clear();
  let shown = text;
  if (context.measureText(text).width > room) {
    let [low, high] = [1, text.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (context.measureText(at(middle)).width <= room) low = middle;
      else high = middle - 1;
    }
    shown = at(low);
  }
  widths.set(id, shown);
  return shown;
}

/** The node at a point of the plane. */
export function nodeAt(layout: Layout, point: { x: number; y: number }): string | undefined {
  for (const [key, box] of layout.nodes) if (holds(box, point)) return key;
  return undefined;
}

function holds({ x, y, width, height }: Box, point: { x: number; y: number }): boolean {
  return point.x >= x && point.x < x + width && point.y >= y && point.y < y + height;
}
