import type { HostRow } from '../../../core/cluster/topology/contract.ts';

/** A node on the map with the places of its pods. CSS pixels. */
export interface HostTile {
  host: HostRow;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface HostLayout {
  tiles: HostTile[];
  /** A line above the tiles of each cluster, where there are several. */
  titles: { text: string; x: number; y: number }[];
  height: number;
}

export const cell = 13;
const across = 14;
export const tileHead = 34;
const pad = 8;
const gap = 10;
const titleHeight = 24;

/** Tiles in rows, each as high as its pods need. */
export function placeHosts(hosts: readonly HostRow[], width: number): HostLayout {
  const tileWidth = across * cell + pad * 2;
  const columns = Math.max(1, Math.floor((width - gap) / (tileWidth + gap)));
  const tiles: HostTile[] = [];
  const titles: HostLayout['titles'] = [];
  const several = hosts.some(({ cluster }) => cluster !== hosts[0]?.cluster);
  let y = gap;
  let row = 0;
  let at = 0;
  for (const [place, host] of hosts.entries()) {
    const isFirst = several && host.cluster !== hosts[place - 1]?.cluster;
    if ((at % columns === 0 || isFirst) && place > 0) {
      y += row + gap;
      row = 0;
    }
    if (isFirst) {
      titles.push({ text: host.clusterName, x: gap, y: y + titleHeight / 2 - 2 });
      y += titleHeight;
      at = 0;
    }
    const count = host.pods?.length ?? 0;
    const height = tileHead + Math.max(1, Math.ceil(count / across)) * cell + pad;
    tiles.push({ host, x: gap + (at % columns) * (tileWidth + gap), y, width: tileWidth, height });
    row = Math.max(row, height);
    at++;
  }
  return { tiles, titles, height: y + row + gap };
}

/** The middle of a pod's cell. */
export function cellOf(tile: HostTile, pod: number): { x: number; y: number } {
  return {
    x: tile.x + pad + (pod % across) * cell + cell / 2,
    y: tile.y + tileHead + Math.floor(pod / across) * cell + cell / 2,
  };
}

export interface HostSpot {
  tile: HostTile;
  /** Undefined for the node itself. */
  pod: number | undefined;
}

export function spotAt({ tiles }: HostLayout, x: number, y: number): HostSpot | undefined {
  const tile = tiles.find((it) => x >= it.x && x < it.x + it.width && y >= it.y && y < it.y + it.height);
  if (tile === undefined) return undefined;
  const column = Math.floor((x - tile.x - pad) / cell);
  const pod = Math.floor((y - tile.y - tileHead) / cell) * across + column;
  if (y < tile.y + tileHead || column < 0 || column >= across || pod >= (tile.host.pods?.length ?? 0)) {
    return { tile, pod: undefined };
  }
  return { tile, pod };
}

/** Where an arrow leads on the map: through the pods of a node, then to the next one. */
export function stepOnMap(
  { tiles }: HostLayout,
  spot: HostSpot | undefined,
  by: 'left' | 'right' | 'up' | 'down',
): HostSpot | undefined {
  const [first] = tiles;
  if (first === undefined) return undefined;
  const at = spot === undefined ? -1 : tiles.findIndex(({ host }) => host.key === spot.tile.host.key);
  if (spot === undefined || at === -1) return { tile: first, pod: undefined };
  const last = (tile: HostTile) => (tile.host.pods?.length ?? 0) - 1;
  const pod = spot.pod ?? -1;
  const amount = by === 'left' ? -1 : by === 'right' ? 1 : by === 'up' ? -across : across;
  const tile = tiles[at] as HostTile;
  const next = pod === -1 && by === 'down' ? 0 : pod + amount;
  if (next >= 0 && next <= last(tile)) return { tile, pod: next };
  if (pod > -1 && next < 0 && by !== 'left') return { tile, pod: undefined };
  const other = tiles[at + (amount > 0 ? 1 : -1)];
  return other === undefined ? spot : { tile: other, pod: undefined };
}
