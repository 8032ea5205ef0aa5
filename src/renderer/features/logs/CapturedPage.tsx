import { Archive } from 'lucide-react';
import { useMemo } from 'react';
import { listParam, listText, setParams, useLocation } from '../../app/router.ts';
import { useLive } from '../../client/index.ts';
import { EmptyState, ErrorState, formatBytes, Skeleton, StaleBar, Strip, t, useDelayed } from '../../ui/index.ts';
import { CapturedLines } from './CapturedLines.tsx';
import { CapturedSearch } from './CapturedSearch.tsx';
import { CaptureTable } from './CaptureTable.tsx';
import css from './captured.module.css';
import { readWish, writeWish } from './capturedWish.ts';

/** What is and was captured, and the search in it. */
export function CapturedPage() {
  const { rows, head, state, error, stale, retry } = useLive((client) => client.logs.captures, {});
  const { params } = useLocation();
  const chosen = listParam(params.captures);
  const wish = useMemo(() => readWish(params), [params]);
  const waiting = useDelayed(state === 'waiting');
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1 className={css.title}>{t('logs.captured.title')}</h1>
        {head !== undefined && rows.length > 0 && (
          <span className={css.dim} title={head.path ?? undefined}>
            {t('logs.captured.size', { bytes: formatBytes(head.bytes) })}
          </span>
        )}
      </header>
      {stale && <StaleBar since={Date.now()} onRetry={retry} />}
      {head?.problem != null && <Strip tone="failed">{head.problem}</Strip>}
      {error !== undefined && (
        <ErrorState compact title={t('logs.captured.listFailed')} error={error} onRetry={retry} />
      )}
      {waiting && (
        <div className={css.bones} aria-busy="true">
          {[60, 72, 48].map((width) => (
            <Skeleton key={width} width={`${width}%`} />
          ))}
        </div>
      )}
      {state === 'live' && rows.length === 0 && (
        <EmptyState icon={Archive} title={t('logs.captured.none')}>
          {t('logs.captured.noneText')}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <>
          <CaptureTable
            captures={rows}
            chosen={chosen}
            onChosen={(ids) => setParams({ captures: listText(ids) }, { replace: true })}
          />
          <CapturedSearch wish={wish} onWish={(change) => setParams(writeWish(change), { replace: true })} />
          <CapturedLines
            captures={rows}
            chosen={chosen}
            wish={wish}
            onWish={(change) => setParams(writeWish(change))}
          />
        </>
      )}
    </div>
  );
}
