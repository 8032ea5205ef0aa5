import { type Tone, tonesByUrgency } from '../../ui/index.ts';
import type { Measure } from './address.ts';
import { cell, cellOf, type HostLayout, type HostSpot, type HostTile } from './hostLayout.ts';
import { drawTone, type Palette } from './palette.ts';

const order: readonly Tone[] = ['healthy', 'progressing', 'warning', 'failed', 'unknown', 'stopped'];

export interface HostScene {
  layout: HostLayout;
  palette: Palette;
  measure: Measure;
  scroll: number;
  view: { width: number; height: number };
  spot: HostSpot | undefined;
  fontSize: number;
  title(tile: HostTile): string;
}

export function drawHosts(context: CanvasRenderingContext2D, scene: HostScene): void {
  const { layout, palette, scroll, view } = scene;
  const ratio = devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.sunken;
  context.fillRect(0, 0, view.width, view.height);
  context.setTransform(ratio, 0, 0, ratio, 0, -scroll * ratio);
  context.font = `550 ${scene.fontSize}px ${palette.font}`;
  context.textBaseline = 'middle';
  context.fillStyle = palette.text;
  for (const { text, x, y } of layout.titles) context.fillText(text, x, y);
  for (const tile of layout.tiles) {
    if (tile.y + tile.height >= scroll && tile.y <= scroll + view.height) drawTile(context, scene, tile);
  }
}

function drawTile(context: CanvasRenderingContext2D, scene: HostScene, tile: HostTile): void {
  const { palette, measure, spot, fontSize } = scene;
  const { host, x, y, width, height } = tile;
  const alarming = host.tone === 'failed' || host.tone === 'warning';
  context.fillStyle = palette.surface;
  context.fillRect(x, y, width, height);
  context.strokeStyle = alarming ? palette.tone[host.tone].fill : palette.line;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  if (host.name !== '') drawTone(context, palette, { tone: host.tone, x: x + 13, y: y + 13, size: 10 });
  context.font = `${fontSize - 2}px ${palette.mono}`;
  context.textBaseline = 'middle';
  context.fillStyle = palette.text;
  const left = x + (host.name === '' ? 8 : 24);
  fitText(context, scene.title(tile), { x: left, y: y + 13, room: x + width - 8 - left });
  drawRequested(context, scene, tile);
  const { pods, podTones } = host;
  if (pods === undefined || podTones === undefined) drawCounts(context, scene, tile);
  else {
    for (let pod = 0; pod < pods.length; pod++) {
      const place = cellOf(tile, pod);
      if (measure === 'status') {
        drawTone(context, palette, { tone: order[podTones[pod] as number] ?? 'unknown', ...place, size: 10 });
      } else drawShare(context, scene, { tile, pod, ...place });
    }
  }
  if (spot?.tile.host.key !== host.key) return;
  context.strokeStyle = palette.focus;
  context.lineWidth = 2;
  if (spot.pod === undefined) context.strokeRect(x - 1, y - 1, width + 2, height + 2);
  else {
    const place = cellOf(tile, spot.pod);
    context.strokeRect(place.x - cell / 2, place.y - cell / 2, cell, cell);
  }
}

/** What is requested of what the node has: CPU above memory, or the one that is measured. */
function drawRequested(context: CanvasRenderingContext2D, { palette, measure }: HostScene, tile: HostTile): void {
  const { host, x, y, width } = tile;
  const bars =
    measure === 'status'
      ? (['cpu', 'memory'] as const)
      : measure === 'cpu'
        ? (['cpu'] as const)
        : (['memory'] as const);
  for (const [at, what] of bars.entries()) {
    const has = what === 'cpu' ? host.cpu : host.memory;
    if (has === 0) continue;
    const share = (what === 'cpu' ? host.cpuRequested : host.memoryRequested) / has;
    const bar = { x: x + 8, y: y + 23 + at * 4, width: width - 16, height: bars.length === 1 ? 5 : 3 };
    context.fillStyle = palette.track;
    context.fillRect(bar.x, bar.y, bar.width, bar.height);
    context.fillStyle = share > 1 ? palette.tone.failed.fill : share > 0.9 ? palette.tone.warning.fill : palette.text3;
    context.fillRect(bar.x, bar.y, bar.width * Math.min(1, share), bar.height);
  }
}

/** How much of the node a pod requests: a cell that is filled from its foot; hollow when it requests nothing. */
function drawShare(
  context: CanvasRenderingContext2D,
  { palette, measure }: HostScene,
  { tile, pod, x, y }: { tile: HostTile; pod: number; x: number; y: number },
): void {
  const { host } = tile;
  const amount = (measure === 'cpu' ? host.podCpu : host.podMemory)?.[pod] ?? 0;
  const has = measure === 'cpu' ? host.cpu : host.memory;
  const size = 9;
  const [left, top] = [Math.round(x - size / 2), Math.round(y - size / 2)];
  context.lineWidth = 1;
  context.strokeStyle = amount === 0 ? palette.lineStrong : palette.accent;
  context.strokeRect(left + 0.5, top + 0.5, size, size);
  if (amount === 0 || has === 0) return;
  // A quarter of a node fills it: most pods request a few hundredths.
  const level = Math.max(0.12, Math.min(1, Math.sqrt((amount / has) * 4))) * size;
  context.fillStyle = palette.accent;
  context.fillRect(left + 0.5, top + 0.5 + size - level, size, level);
}

/** Too many pods to tell apart: a bar of their tones with their number. */
function drawCounts(context: CanvasRenderingContext2D, { palette, fontSize }: HostScene, tile: HostTile): void {
  const { tones } = tile.host;
  const total = Object.values(tones).reduce((sum, count) => sum + count, 0);
  if (total === 0) return;
  const width = tile.width - 16 - 34;
  let x = tile.x + 8;
  for (const tone of tonesByUrgency) {
    if (tones[tone] === 0) continue;
    const share = Math.max(2, (tones[tone] / total) * width);
    context.fillStyle = palette.tone[tone].fill;
    context.fillRect(x, tile.y + 38, share, 8);
    x += share;
  }
  context.fillStyle = palette.text2;
  context.font = `${fontSize - 2}px ${palette.font}`;
  context.textAlign = 'right';
  context.fillText(String(total), tile.x + tile.width - 8, tile.y + 42);
  context.textAlign = 'left';
}

function fitText(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y, room }: { x: number; y: number; room: number },
): void {
  let shown = text;
  // Names of nodes differ at their beginning and their end.
  for (let keep = text.length - 1; context.measureText(shown).width > room && keep > 4; keep--) {
    shown = `${text.slice(0, Math.ceil(keep / 2))}…${text.slice(text.length - Math.floor(keep / 2))}`;
  }
  context.fillText(shown, x, y);
}
