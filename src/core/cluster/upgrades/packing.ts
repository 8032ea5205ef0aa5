/** CPU in millicores, memory in bytes, and the number of pods. */
export interface Amount {
  cpu: number;
  memory: number;
  pods: number;
}

export interface PackedNode {
  name: string;
  /** Takes no new pods. */
  cordoned: boolean;
  /** Taints that keep pods away, and the architecture: pods are only tried on nodes where these are the same. */
  pool: string;
  allocatable: Amount;
}

export interface PackedPod {
  node: string;
  cpu: number;
  memory: number;
  /** Runs on every node anyway, or is the node's own: it does not move. */
  stays: boolean;
}

export interface Overflow {
  node: string;
  /** Pods that move, and those of them that fit nowhere else. */
  moving: number;
  homeless: number;
}

/**
 * Which nodes, drained one at a time, would leave pods without a place: each moving pod goes, the greatest first, to the
 * first other node of the pool with room for its requests (first fit decreasing). Affinity, spread and volumes are not known here.
 * @param pause gives others their turn between nodes
 */
export async function findOverflow(
  nodes: readonly PackedNode[],
  pods: readonly PackedPod[],
  pause: () => Promise<void>,
): Promise<Overflow[]> {
  const free = new Map(nodes.map(({ name, allocatable }) => [name, { ...allocatable }]));
  const byNode = new Map<string, PackedPod[]>();
  for (const pod of pods) {
    const left = free.get(pod.node);
    if (left === undefined) continue;
    left.cpu -= pod.cpu;
    left.memory -= pod.memory;
    left.pods -= 1;
    if (pod.stays) continue;
    const moving = byNode.get(pod.node);
    if (moving === undefined) byNode.set(pod.node, [pod]);
    else moving.push(pod);
  }
  const pools = new Map<string, Amount[]>();
  const nameOf = new Map<Amount, string>();
  for (const { name, pool, cordoned } of nodes) {
    const left = free.get(name) as Amount;
    nameOf.set(left, name);
    if (cordoned) continue;
    const together = pools.get(pool);
    if (together === undefined) pools.set(pool, [left]);
    else together.push(left);
  }
  for (const together of pools.values()) together.sort((a, b) => b.memory - a.memory);
  const found: Overflow[] = [];
  for (const [index, { name, pool }] of nodes.entries()) {
    if (index % 50 === 49) await pause();
    const moving = byNode.get(name) ?? [];
    const elsewhere = (pools.get(pool) ?? []).filter((left) => nameOf.get(left) !== name);
    const homeless = homelessOf(moving, elsewhere);
    if (homeless > 0) found.push({ node: name, moving: moving.length, homeless });
  }
  return found.sort((a, b) => b.homeless - a.homeless || (a.node < b.node ? -1 : 1));
}

function homelessOf(moving: PackedPod[], elsewhere: readonly Amount[]): number {
  const taken = new Map<Amount, Amount>();
  let homeless = 0;
  for (const { cpu, memory } of moving.sort((a, b) => b.memory - a.memory || b.cpu - a.cpu)) {
    const place = elsewhere.find((left) => {
      const used = taken.get(left);
      return (
        left.cpu - (used?.cpu ?? 0) >= cpu &&
        left.memory - (used?.memory ?? 0) >= memory &&
        left.pods - (used?.pods ?? 0) >= 1
      );
    });
    if (place === undefined) {
      homeless++;
      continue;
    }
    const used = taken.get(place) ?? { cpu: 0, memory: 0, pods: 0 };
    taken.set(place, { cpu: used.cpu + cpu, memory: used.memory + memory, pods: used.pods + 1 });
  }
  return homeless;
}
