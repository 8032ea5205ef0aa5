import type { ControllerrevisionsApps } from '../generated/partials.ts';
import { columns, kind, number } from '../kind.ts';
import { present } from './parts.ts';

const own = columns({ revision: number('Revision') });

export const controllerRevisions = kind<ControllerrevisionsApps>({
  id: 'controllerrevisions.apps',
  kind: 'ControllerRevision',
  version: 'v1',
  section: 'Workloads',
  columns: own.list,
  select: 'revision',
  row({ revision }, meta, cells) {
    present(cells, meta);
    cells.number(own.at.revision, revision);
  },
});
