import type { CustomresourcedefinitionsApiextensionsK8sIo } from '../generated/partials.ts';
import { columns, kind, say, text, tone } from '../kind.ts';
import { because, conditionFields, conditionOf, holding } from './parts.ts';

const own = columns({
  group: text('Group', 0, 200),
  kind: text('Kind', 0, 160),
  versions: text('Versions', 0, 140, 'Served ones; `*` is stored, `!` is deprecated'),
  scope: text('Scope', 0, 90),
  shortnames: text('Short names', 1, 110),
  categories: text('Categories', 1, 120),
  conversion: text('Conversion', 1, 90),
  plural: text('Plural', 2),
});
const { at } = own;

export const customResourceDefinitions = kind<CustomresourcedefinitionsApiextensionsK8sIo>({
  id: 'customresourcedefinitions.apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  version: 'v1',
  section: 'Cluster',
  shortNames: ['crd', 'crds'],
  cluster: true,
  columns: own.list,
  select: `spec { group names { plural kind shortNames categories } scope versions { name served storage deprecated }
      conversion { strategy } }
    status { conditions { ${conditionFields} } }`,
  row({ spec, status }, meta, cells) {
    const established = conditionOf(status?.conditions, 'Established');
    const accepted = conditionOf(status?.conditions, 'NamesAccepted');
    const wrong = holding(status?.conditions, 'NonStructuralSchema');
    if (accepted?.status === 'False') say(cells, meta, 'Names not accepted', tone.failed, because(accepted));
    else if (established?.status !== 'True') {
      say(cells, meta, 'Not established', tone.progressing, established === undefined ? '' : because(established));
    } else if (wrong !== undefined) say(cells, meta, 'Established', tone.warning, because(wrong));
    else say(cells, meta, 'Established', tone.healthy);
    if (spec === null) return;
    cells.text(at.group, spec.group);
    cells.text(at.kind, spec.names?.kind ?? '');
    cells.text(at.plural, spec.names?.plural ?? '');
    cells.text(at.shortnames, spec.names?.shortNames.join(',') ?? '');
    cells.text(at.categories, spec.names?.categories.join(',') ?? '');
    cells.text(at.scope, spec.scope);
    cells.text(at.conversion, spec.conversion?.strategy ?? '');
    const served = spec.versions.filter((version) => version.served);
    cells.text(
      at.versions,
      served.map(({ name, storage, deprecated }) => `${name}${storage ? '*' : ''}${deprecated ? '!' : ''}`).join(','),
    );
  },
});
