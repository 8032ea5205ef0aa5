import type { FieldChange } from '../../../core/platform/audit/contract.ts';
import type { QueryResult } from '../../client/index.ts';
import { ChangeTable, legible, Name, Skeleton, t, useDelayed } from '../../ui/index.ts';
import css from './actions.module.css';

interface Answer {
  steps: readonly {
    object: { cluster: string; namespace: string; name: string };
    changes: readonly FieldChange[];
    effects: readonly string[];
    error?: string | undefined;
    hint?: string | undefined;
  }[];
  more: number;
}

/** What the API server would store. */
export function Preview({ preview }: { preview: QueryResult<Answer> }) {
  const waiting = useDelayed(preview.data === undefined && preview.error === undefined);
  const { data, error } = preview;
  return (
    <section className={css.preview} aria-label={t('actions.preview')} aria-busy={preview.loading}>
      <h3 className={css.previewTitle}>{t('actions.preview')}</h3>
      {waiting && <Skeleton width="52%" />}
      {error !== undefined && <p className={css.error}>{error.message}</p>}
      {data?.steps.map((step) => (
        <div key={`${step.object.cluster}/${step.object.namespace}/${step.object.name}`} data-old={preview.previous}>
          {data.steps.length > 1 && <Name>{step.object.name}</Name>}
          {step.error !== undefined && (
            <p className={css.error} role="alert">
              {legible(step.error)} {legible(step.hint ?? '')}
            </p>
          )}
          <ChangeTable changes={step.changes} />
          {step.effects.map((effect) => (
            <p key={effect} className={css.dim}>
              {legible(effect)}
            </p>
          ))}
          {step.error === undefined && step.changes.length === 0 && step.effects.length === 0 && (
            <p className={css.dim}>{t('actions.noChange')}</p>
          )}
        </div>
      ))}
      {data !== undefined && data.more > 0 && <p className={css.dim}>{t('actions.more', { count: data.more })}</p>}
    </section>
  );
}
