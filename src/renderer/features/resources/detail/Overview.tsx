import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { Age, ErrorState, legible, Skeleton, Strip, t, useDelayed } from '../../../ui/index.ts';
import { CellView } from '../CellView.tsx';
import { inWords } from '../columnTexts.ts';
import { findKind, type Kinds } from '../kinds.ts';
import { ObjectLink } from '../objectLinks.tsx';
import { Conditions } from './Conditions.tsx';
import { Containers } from './Containers.tsx';
import { type ContainerView, readContainers } from './containers.ts';
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
    return <ErrorState compact title={t('resources.overview.theObjectCouldNotBe')} error={error} onRetry={reload} />;
  }
  if (data === undefined) return waiting ? <OverviewSkeleton /> : null;
  const { json } = data;
  const deleting = instantAt(json, 'metadata', 'deletionTimestamp');
  const Summary = kindSummaries[object.kind];
  const template = at(json, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ?? at(json, 'spec', 'template', 'spec');
  const containers =
    object.kind === 'pods' ? readContainers(at(json, 'spec'), at(json, 'status')) : readContainers(template, undefined);
  const failing = containers.map(whyItFails).find((words) => words !== undefined);
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
          {t('resources.overview.theClusterDoesNotAnswer')}{' '}
          <Age ahead={0} at={data.readAt} suffix={t('resources.overview.ago')} />.
        </Strip>
      )}
      {deleting !== undefined && (
        <Strip tone="progressing">
          {t('resources.overview.beingDeletedFor')} <Age at={deleting} />
          {finalizers.length > 0 && (
            <span className={css.dim}>
              {' '}
              {t('resources.overview.waitsFor')} {legible(finalizers.join(', '))}
            </span>
          )}
        </Strip>
      )}
      {typeof reason === 'string' && reason !== '' && row.row !== undefined && (
        <p className={css.reason} data-tone={row.row.tone}>
          {failing !== undefined && <b>{failing}</b>}
          {legible(reason)}
        </p>
      )}
      <div className={css.halves}>
        <div>
          <Section title={t('resources.overview.summary')}>
            {Summary === undefined ? (
              <ListColumns object={object} row={row} kinds={kinds} />
            ) : (
              <Summary object={object} json={json} />
            )}
          </Section>
          <Containers containers={containers} told={typeof reason === 'string' ? reason : ''} />
          <Conditions json={json} />
        </div>
        <div>
          <Section title={t('resources.overview.metadata')}>
            <Facts
              facts={[
                {
                  name: t('resources.overview.created'),
                  value: (
                    <Age
                      at={instantAt(json, 'metadata', 'creationTimestamp') ?? null}
                      suffix={t('resources.overview.ago')}
                    />
                  ),
                },
                {
                  name: t('resources.overview.controlledBy'),
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
                {
                  name: t('resources.overview.uid'),
                  value: <code className={css.wrap}>{textAt(json, 'metadata', 'uid')}</code>,
                },
                {
                  name: t('resources.overview.version'),
                  value: <code>{textAt(json, 'metadata', 'resourceVersion')}</code>,
                },
                finalizers.length > 0 && { name: t('resources.overview.finalizers'), value: finalizers.join(', ') },
              ]}
            />
          </Section>
          {labels.length > 0 && (
            <Section title={t('resources.overview.labels')} count={labels.length}>
              <PairChips pairs={labels} what={t('resources.overview.label')} />
            </Section>
          )}
          {annotations.length > 0 && (
            <Fold
              summary={
                <span className={css.sectionTitle}>
                  {t('resources.overview.annotations')} <span className={css.dim}>{annotations.length}</span>
                </span>
              }
            >
              <PairChips pairs={annotations} what={t('resources.overview.annotation')} />
            </Fold>
          )}
        </div>
      </div>
    </div>
  );
}

/** `mailer exited with code 1 (Error), restarted 14 times`: what the kubelet's message leaves out. */
function whyItFails(container: ContainerView): string | undefined {
  const { last, restarts, name, tone } = container;
  if ((tone !== 'failed' && tone !== 'warning') || last?.exitCode === undefined) return undefined;
  const cause = last.reason === '' ? '' : ` (${last.reason})`;
  const exit = t('resources.overview.exited', { name, code: last.exitCode, cause });
  return restarts === 0 ? exit : `${exit}, ${t('resources.overview.restarted', { count: restarts })}`;
}

/** For kinds without a summary of their own: what their lists show, printer columns included. */
function ListColumns({ object, row, kinds }: { object: ObjectRef; row: ObjectRow; kinds: Kinds }) {
  const { row: found } = row;
  if (found === undefined) return <p className={css.dim}>{t('resources.overview.nothingIsKnownOfIts')}</p>;
  const shown = row.columns.filter(
    (column) => !['name', 'namespace', 'status', 'reason', 'labels', 'cluster'].includes(column.id),
  );
  return (
    <Facts
      facts={shown.map((column) => ({
        name: inWords(column, object.kind, kinds.byId.get(object.kind)?.custom ?? false).title,
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
