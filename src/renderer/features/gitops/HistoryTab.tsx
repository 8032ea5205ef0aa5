import { useState } from 'react';
import type { DeliveryDetail } from '../../../core/cluster/gitops/contract.ts';
import { askAction } from '../../app/askAction.ts';
import { useObjectActions } from '../../app/objectActions.ts';
import { Age, Button, ChangeTable, EmptyState, legible, StatusMark, t } from '../../ui/index.ts';
import css from './gitops.module.css';
import { shortRevision } from './model.ts';

/** What was delivered and when, newest first; earlier ones can be gone back to. */
export function HistoryTab({ detail }: { detail: DeliveryDetail }) {
  const { delivery, history, historyNote } = detail;
  const back = delivery.engine === 'argocd' ? 'syncBack' : 'pinBack';
  const action = useObjectActions()([delivery.object])
    .flatMap((group) => group.actions)
    .find(({ id }) => id === `actions.${back}`);
  if (history.length === 0) {
    return (
      <EmptyState compact title={t('gitops.noHistory')}>
        {t('gitops.noHistoryText')}
      </EmptyState>
    );
  }
  return (
    <div className={css.body}>
      <p className={css.note}>{historyNote}</p>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('gitops.column.id')}</th>
            <th scope="col">{t('gitops.column.revision')}</th>
            <th scope="col">{t('gitops.column.source')}</th>
            <th scope="col">{t('gitops.column.status')}</th>
            <th scope="col">{t('gitops.column.by')}</th>
            <th scope="col" className={css.number}>
              {t('gitops.column.deployed')}
            </th>
            <th scope="col">
              <span className="hidden-text">{t('gitops.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {history.map((entry) => (
            <Entry
              key={`${entry.id}/${entry.status}`}
              entry={entry}
              onBack={
                action === undefined || entry.fixed !== ''
                  ? undefined
                  : () => askAction(back, [delivery.object], { deployed: entry.id })
              }
              why={entry.fixed || action?.reason || ''}
              refused={action?.disabled === true}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Entry(props: {
  entry: DeliveryDetail['history'][number];
  onBack: (() => void) | undefined;
  why: string;
  refused: boolean;
}) {
  const { entry, onBack, why, refused } = props;
  const [open, setOpen] = useState(false);
  return (
    <>
      <tr>
        <td title={entry.id}>{legible(shortRevision(entry.id))}</td>
        <td title={entry.revision}>
          <code>{legible(shortRevision(entry.revision))}</code>
        </td>
        <td>
          {legible(entry.source)}
          {entry.changes.length > 0 && (
            <Button size="s" variant="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t('gitops.parametersChanged', { count: entry.changes.length })}
            </Button>
          )}
        </td>
        <td>
          <StatusMark tone={entry.tone}>{legible(entry.status)}</StatusMark>
          {entry.times > 1 && <span className={css.dim}> ×{entry.times}</span>}
        </td>
        <td>{entry.by === 'automated' ? t('gitops.automatically') : legible(entry.by)}</td>
        <td className={css.number}>
          <Age at={entry.deployedAt} />
        </td>
        <td className={css.actions}>
          {entry.current ? (
            <span className={css.dim}>{t('gitops.current')}</span>
          ) : (
            <Button
              size="s"
              variant="quiet"
              disabled={onBack === undefined || refused}
              title={why === '' ? undefined : why}
              onClick={onBack}
            >
              {t('gitops.rollBack')}…
            </Button>
          )}
        </td>
      </tr>
      {open && (
        <tr>
          <td />
          <td colSpan={6}>
            <ChangeTable changes={entry.changes} />
          </td>
        </tr>
      )}
    </>
  );
}
