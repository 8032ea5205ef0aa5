import type { FieldChange } from '../../../core/platform/audit/contract.ts';
import type { QueryResult } from '../../client/index.ts';
import { legible, Name, Skeleton, t, useDelayed } from '../../ui/index.ts';
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
          <Differences changes={step.changes} />
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

/** Fields with what they were and what they are. */
export function Differences({ changes }: { changes: readonly FieldChange[] }) {
  if (changes.length === 0) return null;
  return (
    <table className={css.differences}>
      <tbody>
        {changes.map(({ path, before, after }) => (
          <tr key={path}>
            <th scope="row">{legible(pathText(path))}</th>
            <td data-lines={isLong(before) || isLong(after)}>
              {before !== undefined && <del>{legible(valueText(before))}</del>}
              {after !== undefined && <ins>{legible(valueText(after))}</ins>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `spec.replicas`; the whole object for the root. */
function pathText(pointer: string): string {
  if (pointer === '') return t('actions.wholeObject');
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

/** Stands better in lines of its own than behind what it was before. */
function isLong(value: unknown): boolean {
  return value !== undefined && (valueText(value).length > 60 || valueText(value).includes('\n'));
}

const longest = 600;

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, typeof value === 'object' ? 1 : 0);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
