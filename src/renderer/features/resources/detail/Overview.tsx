import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { Age, ErrorState, Skeleton, Strip, useDelayed } from '../../../ui/index.ts';
import { CellView } from '../CellView.tsx';
import { findKind, type Kinds } from '../kinds.ts';
import { ObjectLink } from '../objectLinks.tsx';
import { Conditions } from './Conditions.tsx';
import { Containers } from './Containers.tsx';
import { readContainers } from './containers.ts';
import css from './detail.module.css';
import { at, entriesAt, instantAt, listAt, textAt, textsAt } from './json.ts';
import { kindSummaries } from './kindFacts.tsx';
import { Facts, Fold, PairChips, Section } from './Sections.tsx';
import { type ObjectRow, useObjectData } from './useObject.ts';

/** What one looks at first: why it is as it is, what it consists of, what it is called. */
export function Overview({ object, row, kinds }: { object: ObjectRef; row: ObjectRow; kinds: Kinds }) {
  const { data, error, reload } = useObjectData(object, row.row, false);
  const waiting = useDelayed(data === undefined && error === undefined);
  const reason = row.value('reason');
  if (error !== undefined && data === undefined) {
    return <ErrorState compact title="The object could not be read" error={error} onRetry={reload} />;
  }
  if (data === undefined) return waiting ? <OverviewSkeleton /> : null;
  const { json } = data;
  const deleting = instantAt(json, 'metadata', 'deletionTimestamp');
  const Summary = kindSummaries[object.kind];
  const template = at(json, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ?? at(json, 'spec', 'template', 'spec');
  const containers =
    object.kind === 'pods' ? readContainers(at(json, 'spec'), at(json, 'status')) : readContainers(template, undefined);
  const labels = entriesAt(json, 'metadata', 'labels');
  const annotations = entriesAt(json, 'metadata', 'annotations').filter(
    // kubectl's copy of the whole object; it is in the YAML.
    ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
  );
  const finalizers = textsAt(json, 'metadata', 'finalizers');
  return (
    <div className={css.overview}>
      {data.stale && (
        <Strip tone="warning">
          The cluster does not answer: this is the object as it was <Age at={data.readAt} suffix="ago" />.
        </Strip>
      )}
      {deleting !== undefined && (
        <Strip tone="progressing">
          Being deleted for <Age at={deleting} />
          {finalizers.length > 0 && <span className={css.dim}> · waits for {finalizers.join(', ')}</span>}
        </Strip>
      )}
      {typeof reason === 'string' && reason !== '' && row.row !== undefined && (
        <p className={css.reason} data-tone={row.row.tone}>
          {reason}
        </p>
      )}
      <Section title="Summary">
        {Summary === undefined ? (
          <ListColumns object={object} row={row} kinds={kinds} />
        ) : (
          <Summary object={object} json={json} />
        )}
      </Section>
      <Containers containers={containers} />
      <Conditions json={json} />
      <Section title="Metadata">
        <Facts
          facts={[
            {
              name: 'Created',
              value: <Age at={instantAt(json, 'metadata', 'creationTimestamp') ?? null} suffix="ago" />,
            },
            {
              name: 'Controlled by',
              value: listAt(json, 'metadata', 'ownerReferences').map((owner) => {
                const kind = findKind(kinds.rows, textAt(owner, 'apiVersion'), textAt(owner, 'kind'));
                const name = textAt(owner, 'name');
                return (
                  <span key={name} className={css.owner}>
                    <span className={css.dim}>{textAt(owner, 'kind')}</span>{' '}
                    {kind === undefined ? (
                      name
                    ) : (
                      <ObjectLink
                        object={{
                          cluster: object.cluster,
                          kind: kind.id,
                          namespace: kind.namespaced ? object.namespace : '',
                          name,
                        }}
                      />
                    )}
                  </span>
                );
              }),
            },
            { name: 'UID', value: <code className={css.wrap}>{textAt(json, 'metadata', 'uid')}</code> },
            { name: 'Version', value: <code>{textAt(json, 'metadata', 'resourceVersion')}</code> },
            finalizers.length > 0 && { name: 'Finalizers', value: finalizers.join(', ') },
          ]}
        />
      </Section>
      {labels.length > 0 && (
        <Section title="Labels" count={labels.length}>
          <PairChips pairs={labels} what="Label" />
        </Section>
      )}
      {annotations.length > 0 && (
        <Fold
          summary={
            <span className={css.sectionTitle}>
              Annotations <span className={css.dim}>{annotations.length}</span>
            </span>
          }
        >
          <PairChips pairs={annotations} what="Annotation" />
        </Fold>
      )}
    </div>
  );
}

/** For kinds without a summary of their own: what their lists show, printer columns included. */
function ListColumns({ object, row, kinds }: { object: ObjectRef; row: ObjectRow; kinds: Kinds }) {
  const { row: found } = row;
  if (found === undefined) return <p className={css.dim}>Nothing is known of its state yet.</p>;
  const shown = row.columns.filter(
    (column) => !['name', 'namespace', 'status', 'reason', 'labels', 'cluster'].includes(column.id),
  );
  return (
    <Facts
      facts={shown.map((column) => ({
        name: column.title,
        value: (
          <CellView
            row={found}
            column={column}
            value={row.value(column.id)}
            scene={{
              kind: object.kind,
              kinds: kinds.rows,
              cluster: (id) => ({ name: id, color: 'slate' }),
              value: (_, id) => row.value(id),
              onLabel: () => undefined,
              onNamespace: () => undefined,
            }}
          />
        ),
      }))}
    />
  );
}

function OverviewSkeleton() {
  return (
    <div className={css.pad} aria-busy="true">
      {[30, 80, 64, 72, 26, 58, 70].map((width) => (
        <p key={width} className={css.bone}>
          <Skeleton width={`${width}%`} />
        </p>
      ))}
    </div>
  );
}
