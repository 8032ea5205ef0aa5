import type { StorageversionmigrationsStoragemigrationK8sIo } from '../generated/partials.ts';
import { columns, kind, say, type ToneIndex, text, tone } from '../kind.ts';
import { conditionFields } from './parts.ts';

const own = columns({ resource: text('Resource', 0, 220) });
const words: Readonly<Record<string, ToneIndex>> = {
  Running: tone.progressing,
  Failed: tone.failed,
  Succeeded: tone.stopped,
};

export const storageVersionMigrations = kind<StorageversionmigrationsStoragemigrationK8sIo>({
  id: 'storageversionmigrations.storagemigration.k8s.io',
  kind: 'StorageVersionMigration',
  version: 'v1',
  section: 'Cluster',
  cluster: true,
  columns: own.list,
  select: `spec { resource { group resource } } status { conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const found = status?.conditions.findLast(
      (condition) => condition.status === 'True' && words[condition.type] !== undefined,
    );
    say(cells, meta, found?.type ?? 'Unknown', words[found?.type ?? ''] ?? tone.unknown, found?.message);
    const resource = spec?.resource ?? null;
    if (resource === null) return;
    cells.text(own.at.resource, resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`);
  },
});
