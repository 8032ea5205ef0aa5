import type { RuntimeclassesNodeK8sIo } from '../generated/partials.ts';
import { columns, kind, text } from '../kind.ts';
import { mapText, present } from './parts.ts';

const own = columns({
  handler: text('Handler', 0, 140),
  overhead: text('Overhead', 1, 180, 'What a pod takes beyond its containers'),
  nodeselector: text('Node selector', 1, 180),
});

export const runtimeClasses = kind<RuntimeclassesNodeK8sIo>({
  id: 'runtimeclasses.node.k8s.io',
  kind: 'RuntimeClass',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: 'handler overhead { podFixed } scheduling { nodeSelector }',
  row({ handler, overhead, scheduling }, meta, cells) {
    present(cells, meta);
    cells.text(own.at.handler, handler);
    cells.text(own.at.overhead, mapText(overhead?.podFixed ?? {}));
    cells.text(own.at.nodeselector, mapText(scheduling?.nodeSelector ?? {}));
  },
});
