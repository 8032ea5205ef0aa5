import { Milestone } from 'lucide-react';
import { useMemo } from 'react';
import type { Place, Promotion } from '../../../core/cluster/gitops/contract.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useScope } from '../../app/scope.ts';
import { useLive } from '../../client/index.ts';
import { Age, EmptyState, ErrorState, legible, SearchInput, Select, StatusMark, ToneShape, t } from '../../ui/index.ts';
import { Frame, Limits, Nothing } from './Frame.tsx';
import css from './gitops.module.css';
import { deliveryPath, shortRevision, syncTones } from './model.ts';

/** The same applications at all their places, side by side in the order in which they are promoted. */
export function PromotionsPage() {
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const scope = { clusters: clusters ?? [], namespaces: namespaces ?? [] };
  const { label } = params;
  const { rows, head, state, error, retry } = useLive((client) => client.gitops.promotions, {
    ...scope,
    ...(label !== undefined && { label }),
  });
  const deliveries = useLive((client) => client.gitops.deliveries, scope);
  const labels = useMemo(
    () => [...new Set(deliveries.rows.flatMap((row) => Object.keys(row.labels)))].sort(),
    [deliveries.rows],
  );
  const words = (params.filter ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const onlyDiffering = params.differing === 'yes';
  const found = rows.filter(
    (row) => words.every((word) => row.name.toLowerCase().includes(word)) && (!onlyDiffering || row.versions > 1),
  );
  const environments = [...new Set(found.flatMap(({ places }) => places.map(({ environment }) => environment)))];
  const order = environments.sort((a, b) => placeIn(found, a) - placeIn(found, b));
  const scopes = head?.scopes ?? [];
  return (
    <Frame
      count={rows.length > 0 && t('gitops.promoted', { count: found.length })}
      tools={
        <>
          <Select
            className={css.label}
            aria-label={t('gitops.groupBy')}
            value={label ?? ''}
            options={[
              { value: '', label: t('gitops.byName') },
              ...labels.map((each) => ({ value: each, label: each })),
            ]}
            onChange={(value) => setParams({ label: value || undefined }, { replace: true })}
          />
          <label className={css.check}>
            <input
              type="checkbox"
              checked={onlyDiffering}
              onChange={(event) =>
                setParams({ differing: event.target.checked ? 'yes' : undefined }, { replace: true })
              }
            />
            {t('gitops.onlyDiffering')}
          </label>
          <SearchInput
            label={t('gitops.filter')}
            value={params.filter ?? ''}
            onChange={(text) => setParams({ filter: text || undefined }, { replace: true })}
            className={css.search}
          />
        </>
      }
    >
      <Limits scopes={scopes} />
      {error !== undefined && <ErrorState compact title={t('gitops.listFailed')} error={error} onRetry={retry} />}
      <div className={css.scroll}>
        <Nothing
          scopes={scopes}
          rows={rows.length}
          waiting={state === 'waiting'}
          empty={
            <EmptyState icon={Milestone} title={t('gitops.noPromotions')}>
              {t('gitops.noPromotionsText')}
            </EmptyState>
          }
        />
        {rows.length > 0 && found.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
        {found.length > 0 && (
          <table className={css.matrix}>
            <thead>
              <tr>
                <th scope="col">{t('gitops.column.application')}</th>
                {order.map((environment) => (
                  <th key={environment} scope="col">
                    {environment === '' ? t('gitops.noEnvironment') : legible(environment)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.map((promotion) => (
                <Line key={promotion.key} promotion={promotion} environments={order} />
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Frame>
  );
}

/** Places come in their order: an environment stands where it most often does. */
function placeIn(promotions: readonly Promotion[], environment: string): number {
  let sum = 0;
  let count = 0;
  for (const { places } of promotions) {
    const at = places.findIndex((place) => place.environment === environment);
    if (at < 0) continue;
    sum += places.length > 1 ? at / (places.length - 1) : 0;
    count++;
  }
  return environment === '' ? 9 : sum / Math.max(1, count);
}

function Line({ promotion, environments }: { promotion: Promotion; environments: readonly string[] }) {
  const { places } = promotion;
  // The furthest that something was brought in any earlier environment: what differs from it is to be promoted.
  const newest = versionOf(places[0]);
  return (
    <tr>
      <th scope="row">
        <span className={css.application}>{legible(promotion.name)}</span>
        <span className={css.dim}>{t('gitops.versions', { count: promotion.versions })}</span>
      </th>
      {environments.map((environment) => (
        <td key={environment}>
          {places
            .filter((place) => place.environment === environment)
            .map((place) => (
              <PlaceCell key={place.delivery} place={place} differs={versionOf(place) !== newest} />
            ))}
        </td>
      ))}
    </tr>
  );
}

function versionOf(place: Place | undefined): string {
  return place === undefined ? '' : place.version || place.revision;
}

function PlaceCell({ place, differs }: { place: Place; differs: boolean }) {
  const { version, revision, wanted, sync, health, suspended } = place;
  return (
    <a
      className={css.place}
      href={href(deliveryPath(place.object))}
      title={[wanted, revision, ...place.images].join('\n')}
    >
      <span className={css.placeHead}>
        <ToneShape tone={place.tone} />
        <b className={differs ? css.differs : undefined}>
          {legible(version || shortRevision(revision)) || t('gitops.nothingYet')}
        </b>
        {version !== '' && shortRevision(revision) !== version && (
          <span className={css.dim}>{legible(shortRevision(revision))}</span>
        )}
      </span>
      <span className={css.dim}>{legible([place.destination, place.namespace].filter(Boolean).join(' / '))}</span>
      <span className={css.placeFoot}>
        {suspended ? (
          <StatusMark tone="stopped">{t('gitops.suspended')}</StatusMark>
        ) : (
          <StatusMark tone={syncTones[sync]}>{t(`gitops.sync.${sync}`)}</StatusMark>
        )}
        {health !== 'healthy' && health !== 'unchecked' && (
          <span className={css.dim}>{t(`gitops.health.${health}`)}</span>
        )}
        <span className={css.dim}>
          <Age at={place.updated} />
        </span>
      </span>
    </a>
  );
}
