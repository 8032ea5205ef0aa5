import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TopologyNode } from '../../../core/cluster/topology/contract.ts';
import { arrange, type Box, type LayoutNode } from './layout.ts';
import { graphOf, pathThrough, stepFrom } from './paths.ts';

const stages = ['entry', 'service', 'workload', 'pods', 'config', 'host'] as const;

/** Boxes of paths with links from each node to the one before it. */
const pictures = fc
  .array(fc.record({ group: fc.nat(4), stage: fc.constantFrom(...stages), linked: fc.boolean() }), {
    minLength: 1,
    maxLength: 60,
  })
  .map((all) =>
    all.map(({ group, stage, linked }, at): LayoutNode => {
      const before = all
        .slice(0, at)
        .map((other) => other.group)
        .lastIndexOf(group);
      return { key: `n${at}`, group: `g${group}`, stage, to: linked && before !== -1 ? [`n${before}`] : [] };
    }),
  );

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function expectSound(nodes: readonly LayoutNode[], layout: ReturnType<typeof arrange>): void {
  const places = nodes.map(({ key }) => layout.nodes.get(key) ?? expect.fail(`${key} has no place`));
  for (const [at, place] of places.entries()) {
    for (const other of places.slice(at + 1)) expect(overlap(place, other)).toBe(false);
    const box = layout.groups.get(nodes[at]?.group ?? '') ?? expect.fail();
    expect(place.x >= box.x && place.y >= box.y).toBe(true);
    expect(place.x + place.width <= box.x + box.width && place.y + place.height <= box.y + box.height).toBe(true);
  }
  const boxes = [...layout.groups.values()];
  for (const [at, box] of boxes.entries())
    for (const other of boxes.slice(at + 1)) expect(overlap(box, other)).toBe(false);
}

test('every node has a place of its own in its box, and boxes do not overlap', () => {
  fc.assert(fc.property(pictures, (nodes) => expectSound(nodes, arrange(nodes))));
});

test('nothing moves when nodes go, and what stays beside new nodes keeps its place in its box', () => {
  fc.assert(
    fc.property(pictures, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (nodes, kept) => {
      const before = arrange(nodes);
      const left = nodes.filter((_, at) => kept[at] === true);
      const after = arrange(left, before);
      for (const { key } of left) expect(after.nodes.get(key)).toEqual(before.nodes.get(key));
      const grown = arrange(nodes, after);
      expectSound(nodes, grown);
      for (const group of after.groups.keys()) {
        const members = nodes.filter((node) => node.group === group);
        const known = left.filter((node) => node.group === group);
        if (known.length * 2 < members.length) continue;
        const moved = new Set(
          known.map(({ key }) => {
            const [a, b] = [after.nodes.get(key) as Box, grown.nodes.get(key) as Box];
            return `${b.x - a.x} ${b.y - a.y}`;
          }),
        );
        expect(moved.size).toBeLessThanOrEqual(1);
      }
    }),
  );
});

function node(key: string, stage: TopologyNode['stage'], to: string[]): TopologyNode {
  const names = { kind: '', kindName: '', cluster: 'c', namespace: 'n', name: key };
  const edges = to.map((each) => ({ to: each, kind: 'selects' as const, count: 1 }));
  return { key, group: 'g', stage, form: 'object', ...names, tone: 'healthy', status: '', count: 1, edges };
}

test('arrows follow a path, and a path has all that leads to a node and from it, and nothing beside it', () => {
  const rows = [
    node('front', 'entry', ['web', 'api']),
    node('web', 'service', ['web-pods']),
    node('api', 'service', ['api-pods']),
    node('web-app', 'workload', ['web-pods']),
    node('web-pods', 'pods', []),
    node('api-pods', 'pods', []),
  ];
  const graph = graphOf(rows);
  const layout = arrange(
    rows.map(({ key, group, stage, edges }) => ({ key, group, stage, to: edges.map((e) => e.to) })),
  );
  expect([...pathThrough(graph, 'api')].sort()).toEqual(['api', 'api-pods', 'front']);
  expect([...pathThrough(graph, 'web')].sort()).toEqual(['front', 'web', 'web-app', 'web-pods']);
  expect(['web', 'api']).toContain(stepFrom(graph, layout, 'front', 'right'));
  expect(stepFrom(graph, layout, 'api', 'right')).toBe('api-pods');
  expect(stepFrom(graph, layout, 'api-pods', 'left')).toBe('api');
  expect(stepFrom(graph, layout, 'web', 'down')).toBe('api');
});
