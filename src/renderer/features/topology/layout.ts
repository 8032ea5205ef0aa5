import type { Stage } from '../../../core/cluster/topology/contract.ts';

/** What of a picture decides where things lie. Sizes and places are CSS pixels at zoom 1. */
export interface LayoutNode {
  key: string;
  group: string;
  stage: Stage;
  /** Keys of nodes that it leads to. */
  to: readonly string[];
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  nodes: ReadonlyMap<string, Box>;
  groups: ReadonlyMap<string, Box>;
  width: number;
  height: number;
}

export const nodeWidth = 188;
export const nodeHeight = 40;
const gapX = 44;
const gapY = 10;
const pathGap = 12;
const padding = 14;
const titleHeight = 38;
const boxGap = 26;
/** Width to height of a box and of the whole. */
const aspect = 1.7;
const step = nodeWidth + gapX;

const stages: readonly Stage[] = [
  'owner',
  'entry',
  'route',
  'service',
  'endpoints',
  'workload',
  'pods',
  'config',
  'policy',
  'host',
];

/**
 * Lays out boxes of layered paths. What `before` has stays where it is: a new node is put at a free place beside what it
 * is linked with, and only what lies below a box that had to grow moves down.
 */
export function arrange(nodes: readonly LayoutNode[], before?: Layout): Layout {
  const groups = new Map<string, LayoutNode[]>();
  for (const node of nodes) {
    const members = groups.get(node.group);
    if (members === undefined) groups.set(node.group, [node]);
    else members.push(node);
  }
  const places = new Map<string, Box>();
  const boxes = new Map<string, Box>();
  const fresh: { key: string; width: number; height: number; inner: Map<string, Box> }[] = [];
  for (const [key, members] of groups) {
    const box = before?.groups.get(key);
    const known = before === undefined ? [] : members.filter((node) => before.nodes.has(node.key));
    if (box === undefined || before === undefined || known.length * 2 < members.length) {
      const inner = arrangeGroup(members);
      const size = extent(inner);
      if (box === undefined) fresh.push({ key, ...size, inner });
      else {
        put(places, inner, box.x, box.y);
        boxes.set(key, { x: box.x, y: box.y, ...size });
      }
      continue;
    }
    boxes.set(key, keepGroup(members, { box, before, places }));
  }
  pushApart(boxes, places, groups);
  packFresh(fresh, { boxes, places });
  let [width, height] = [0, 0];
  for (const box of boxes.values()) {
    width = Math.max(width, box.x + box.width);
    height = Math.max(height, box.y + box.height);
  }
  return { nodes: places, groups: boxes, width, height };
}

function put(places: Map<string, Box>, inner: ReadonlyMap<string, Box>, x: number, y: number): void {
  for (const [key, place] of inner) places.set(key, { ...place, x: place.x + x, y: place.y + y });
}

function extent(inner: ReadonlyMap<string, Box>): { width: number; height: number } {
  let [width, height] = [0, 0];
  for (const place of inner.values()) {
    width = Math.max(width, place.x + place.width);
    height = Math.max(height, place.y + place.height);
  }
  return { width: width + padding, height: height + padding };
}

/** Nodes that are linked, in the order of the first of each. Config and hosts hold nothing together. */
function pathsOf(members: readonly LayoutNode[]): { paths: LayoutNode[][]; shared: LayoutNode[] } {
  const inside = new Map(members.map((node) => [node.key, node]));
  const order = new Map(members.map((node, at) => [node, at]));
  const holds = (node: LayoutNode) => node.stage !== 'config' && node.stage !== 'host';
  const neighbours = new Map<string, string[]>();
  const join = (a: string, b: string) => {
    const known = neighbours.get(a);
    if (known === undefined) neighbours.set(a, [b]);
    else known.push(b);
  };
  for (const node of members) {
    for (const to of node.to) {
      const target = inside.get(to);
      if (target === undefined || !holds(node) || !holds(target)) continue;
      join(node.key, to);
      join(to, node.key);
    }
  }
  const seen = new Set<string>();
  const paths: LayoutNode[][] = [];
  for (const node of members) {
    if (!holds(node) || seen.has(node.key)) continue;
    const path: LayoutNode[] = [];
    const waiting = [node.key];
    seen.add(node.key);
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      path.push(inside.get(key) as LayoutNode);
      for (const next of neighbours.get(key) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    paths.push(path.sort((a, b) => (order.get(a) as number) - (order.get(b) as number)));
  }
  return { paths, shared: members.filter((node) => !holds(node)) };
}

/** Places within a box, from its corner. */
function arrangeGroup(members: readonly LayoutNode[]): Map<string, Box> {
  const { paths, shared } = pathsOf(members);
  const linked = paths.filter((path) => path.length > 1);
  // Config of a path beside its path, where only one uses it.
  const loose = paths.filter((path) => path.length === 1).map(([node]) => node as LayoutNode);
  const users = new Map<string, Set<number>>();
  for (const [at, path] of linked.entries()) {
    for (const node of path) {
      for (const to of node.to) {
        const known = users.get(to);
        if (known === undefined) users.set(to, new Set([at]));
        else known.add(at);
      }
    }
  }
  for (const node of shared) {
    const of = users.get(node.key);
    if (of === undefined || of.size !== 1) loose.push(node);
    else linked[[...of][0] as number]?.push(node);
  }
  const blocks = linked.map(arrangePath);
  const all = [...blocks];
  const columns = Math.max(1, Math.min(Math.round(Math.sqrt((loose.length * nodeHeight * aspect) / nodeWidth)), 12));
  if (loose.length > 0) {
    const widest = blocks.reduce((most, block) => Math.max(most, block.width), 0);
    const across = blocks.length === 0 ? columns : Math.max(1, Math.min(columns, Math.round(widest / step)));
    const grid = new Map<string, Box>();
    for (const [at, node] of loose.entries()) {
      grid.set(node.key, nodeBox((at % across) * (nodeWidth + gapY), Math.floor(at / across) * (nodeHeight + gapY)));
    }
    all.push(blockOf(grid));
  }
  return stack(all);
}

interface Block {
  places: Map<string, Box>;
  width: number;
  height: number;
}

function nodeBox(x: number, y: number): Box {
  return { x, y, width: nodeWidth, height: nodeHeight };
}

function blockOf(places: Map<string, Box>): Block {
  let [width, height] = [0, 0];
  for (const place of places.values()) {
    width = Math.max(width, place.x + place.width);
    height = Math.max(height, place.y + place.height);
  }
  return { places, width, height };
}

/** A column a stage, each node as near as it can be to what it is linked with. */
function arrangePath(path: readonly LayoutNode[]): Block {
  const used = stages.filter((stage) => path.some((node) => node.stage === stage));
  const layers = used.map((stage) => path.filter((node) => node.stage === stage));
  const links = new Map<string, string[]>(path.map((node) => [node.key, []]));
  for (const node of path) {
    for (const to of node.to) {
      if (!links.has(to)) continue;
      links.get(node.key)?.push(to);
      links.get(to)?.push(node.key);
    }
  }
  const rows = new Map<string, number>();
  for (const layer of layers) for (const [at, node] of layer.entries()) rows.set(node.key, at);
  const wanted = (key: string): number => {
    const near = links.get(key) ?? [];
    if (near.length === 0) return rows.get(key) ?? 0;
    return near.reduce((sum, other) => sum + (rows.get(other) ?? 0), 0) / near.length;
  };
  for (let sweep = 0; sweep < 6; sweep++) {
    const order = sweep % 2 === 0 ? layers : [...layers].reverse();
    for (const layer of order) {
      const wishes = new Map(layer.map((node) => [node.key, wanted(node.key)]));
      layer.sort((a, b) => (wishes.get(a.key) as number) - (wishes.get(b.key) as number));
      let next = 0;
      for (const [at, node] of layer.entries()) {
        // Not above the one before, and leaving no more room than its wish asks for.
        const row = Math.max(next, Math.round((wishes.get(node.key) as number) * 2) / 2);
        rows.set(node.key, at === 0 ? Math.max(0, row) : row);
        next = (rows.get(node.key) as number) + 1;
      }
    }
  }
  const top = Math.min(...path.map((node) => rows.get(node.key) as number));
  const places = new Map<string, Box>();
  for (const [column, layer] of layers.entries()) {
    for (const node of layer) {
      places.set(node.key, nodeBox(column * step, ((rows.get(node.key) as number) - top) * (nodeHeight + gapY)));
    }
  }
  return blockOf(places);
}

/** Blocks below each other, in as many columns as make the box neither a tower nor a ribbon. */
function stack(blocks: readonly Block[]): Map<string, Box> {
  const widest = Math.max(1, ...blocks.map((block) => block.width));
  const total = blocks.reduce((sum, block) => sum + block.height + pathGap, 0);
  const bands = Math.max(1, Math.min(blocks.length, Math.round(Math.sqrt((total * aspect) / (widest + gapX)))));
  const limit = total / bands;
  const places = new Map<string, Box>();
  let [x, y, width] = [padding, titleHeight, 0];
  for (const block of blocks) {
    if (y > titleHeight && y - titleHeight + block.height / 2 > limit) {
      x += width + gapX;
      [y, width] = [titleHeight, 0];
    }
    put(places, block.places, x, y);
    y += block.height + pathGap;
    width = Math.max(width, block.width);
  }
  return places;
}

/** The nodes stay; new ones take free places near what they are linked with. */
function keepGroup(
  members: readonly LayoutNode[],
  { box, before, places }: { box: Box; before: Layout; places: Map<string, Box> },
): Box {
  const taken = new Set<string>();
  const slot = ({ x, y }: { x: number; y: number }) => `${Math.round(x)} ${Math.round(y / (nodeHeight / 2))}`;
  const take = (place: Box) => {
    taken.add(slot(place));
    taken.add(slot({ x: place.x, y: place.y + nodeHeight / 2 }));
  };
  for (const { key } of members) {
    const place = before.nodes.get(key);
    if (place === undefined) continue;
    places.set(key, place);
    take(place);
  }
  const near = new Map<string, string[]>();
  for (const node of members) {
    for (const to of node.to) {
      near.set(to, [...(near.get(to) ?? []), node.key]);
      near.set(node.key, [...(near.get(node.key) ?? []), to]);
    }
  }
  const stageX = new Map<Stage, number>();
  for (const node of members) {
    const place = before.nodes.get(node.key);
    if (place !== undefined && !stageX.has(node.stage)) stageX.set(node.stage, place.x);
  }
  const stageOf = new Map(members.map((node) => [node.key, node.stage]));
  let { width, height } = box;
  for (const node of members) {
    if (places.has(node.key)) continue;
    const anchor = (near.get(node.key) ?? []).find((key) => places.has(key) && stageOf.has(key));
    const beside = anchor === undefined ? undefined : places.get(anchor);
    const anchorStage = anchor === undefined ? undefined : stageOf.get(anchor);
    let x = stageX.get(node.stage) ?? box.x + padding;
    if (beside !== undefined && anchorStage !== undefined) {
      const side = Math.sign(stages.indexOf(node.stage) - stages.indexOf(anchorStage));
      x = Math.max(box.x + padding, beside.x + side * step);
    }
    let y = beside?.y ?? box.y + titleHeight;
    const isFree = () => !taken.has(slot({ x, y })) && !taken.has(slot({ x, y: y + nodeHeight / 2 }));
    while (!isFree()) y += nodeHeight + gapY;
    const place = nodeBox(x, y);
    places.set(node.key, place);
    take(place);
    width = Math.max(width, x + nodeWidth + padding - box.x);
    height = Math.max(height, y + nodeHeight + padding - box.y);
  }
  return { x: box.x, y: box.y, width, height };
}

function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Boxes that grew push down what they reached; all else stays. */
function pushApart(
  boxes: Map<string, Box>,
  places: Map<string, Box>,
  groups: ReadonlyMap<string, readonly LayoutNode[]>,
): void {
  const order = [...boxes.entries()].sort(([, a], [, b]) => a.y - b.y || a.x - b.x);
  const settled: Box[] = [];
  for (const [key, box] of order) {
    let y = box.y;
    for (let moved = true; moved; ) {
      moved = false;
      for (const other of settled) {
        if (!overlaps({ ...box, y }, other)) continue;
        y = other.y + other.height + boxGap;
        moved = true;
      }
    }
    const by = y - box.y;
    const place = { ...box, y };
    settled.push(place);
    if (by === 0) continue;
    boxes.set(key, place);
    for (const node of groups.get(key) ?? []) {
      const at = places.get(node.key);
      if (at !== undefined) places.set(node.key, { ...at, y: at.y + by });
    }
  }
}

/** New boxes in shelves, below what is there. */
function packFresh(
  fresh: readonly { key: string; width: number; height: number; inner: Map<string, Box> }[],
  { boxes, places }: { boxes: Map<string, Box>; places: Map<string, Box> },
): void {
  const area = fresh.reduce((sum, { width, height }) => sum + (width + boxGap) * (height + boxGap), 0);
  const widest = Math.max(0, ...fresh.map(({ width }) => width));
  let bottom = 0;
  let right = 0;
  for (const box of boxes.values()) {
    bottom = Math.max(bottom, box.y + box.height + boxGap);
    right = Math.max(right, box.x + box.width);
  }
  const limit = Math.max(widest, right, Math.sqrt(area * aspect));
  // Columns of a shelf take several small boxes below each other beside a large one.
  let [x, shelf] = [0, 0];
  let column: { x: number; y: number; width: number } | undefined;
  for (const { key, width, height, inner } of fresh) {
    if (column !== undefined && width <= column.width && column.y + height <= bottom + shelf) {
      place(column.x, column.y);
      column.y += height + boxGap;
      continue;
    }
    if (x > 0 && x + width > limit) {
      bottom += shelf + boxGap;
      [x, shelf] = [0, 0];
    }
    place(x, bottom);
    column = { x, y: bottom + height + boxGap, width };
    x += width + boxGap;
    shelf = Math.max(shelf, height);

    function place(left: number, top: number): void {
      boxes.set(key, { x: left, y: top, width, height });
      put(places, inner, left, top);
    }
  }
}
