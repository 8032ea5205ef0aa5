import { CircleCheck, CircleSlash, CircleX, LoaderCircle, ShieldCheck, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Run } from '../../../core/cluster/changes/contract.ts';
import type { AuditEntry } from '../../../core/platform/audit/contract.ts';
import { useClient, useLive, useQuery } from '../../client/index.ts';
import { Age, Button, EmptyState, ErrorState, Field, SearchInput, StatusMark, TextInput, t } from '../../ui/index.ts';
import { hasText } from '../../ui/text.ts';
import css from './actions.module.css';
import { undo } from './Presence.tsx';
import { Differences } from './Preview.tsx';

const marks = { running: LoaderCircle, done: CircleCheck, failed: CircleX, cancelled: CircleSlash };

/** What is being changed, what was changed in this session and can be taken back, and the record of all. */
export function ChangesPage() {
  const { rows } = useLive((client) => client.changes.runs, {});
  const [text, setText] = useState('');
  const newest = rows.map(({ key, state }) => `${key} ${state}`).join();
  const entries = useQuery((client) => client.audit.entries, { text, limit: 200 });
  const verified = useQuery((client) => client.audit.verify, {});
  const { reload } = entries;
  const again = verified.reload;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was done since is in the record, too
  useEffect(() => {
    reload();
    again();
  }, [newest]);
  return (
    <div className={css.page}>
      <h1 className={css.pageTitle}>{t('actions.pageTitle')}</h1>
      <section aria-label={t('actions.session')}>
        <h2 className={css.head}>{t('actions.session')}</h2>
        {rows.length === 0 && <p className={css.dim}>{t('actions.noRuns')}</p>}
        <ul className={css.runs}>
          {rows.map((run) => (
            <RunLine key={run.key} run={run} />
          ))}
        </ul>
      </section>
      <section aria-label={t('actions.record')}>
        <div className={css.recordHead}>
          <h2 className={css.head}>{t('actions.record')}</h2>
          {verified.data !== undefined && (
            <span className={css.verified} data-broken={verified.data.broken !== undefined}>
              <ShieldCheck size={13} aria-hidden />
              {verified.data.broken === undefined
                ? t('actions.intact', { count: verified.data.entries })
                : t('actions.broken', { ...verified.data.broken })}
            </span>
          )}
          <SearchInput label={t('actions.searchRecord')} value={text} onChange={setText} className={css.search} />
          <Button size="s" onClick={entries.reload}>
            {t('actions.refresh')}
          </Button>
        </div>
        {entries.error !== undefined && (
          <ErrorState compact title={t('actions.recordFailed')} error={entries.error} onRetry={entries.reload} />
        )}
        {entries.data?.entries.length === 0 && (
          <EmptyState compact title={t('actions.noRecord')}>
            {t('actions.noRecordText')}
          </EmptyState>
        )}
        <ul className={css.entries}>
          {entries.data?.entries.map((entry) => (
            <EntryLine key={entry.key} entry={entry} />
          ))}
        </ul>
      </section>
    </div>
  );
}

function RunLine({ run }: { run: Run }) {
  const client = useClient();
  const Mark = marks[run.state];
  const [asked, setAsked] = useState(false);
  const [name, setName] = useState('');
  const done = run.steps.filter(({ state }) => state === 'done').length;
  return (
    <li className={css.run} data-state={run.state}>
      <div className={css.runHead}>
        <Mark size={15} aria-label={t(`actions.state.${run.state}`)} />
        <strong>{run.title}</strong>
        {run.steps.length > 1 && (
          <span className={css.dim}>{t('actions.progress', { done, count: run.steps.length })}</span>
        )}
        <span className={css.grow} />
        <span className={css.dim}>
          <Age at={run.startedAt} />
        </span>
        {run.state === 'running' && (
          <Button size="s" onClick={() => void client.changes.cancel({ run: run.key }).catch(() => undefined)}>
            {t('actions.cancel')}
          </Button>
        )}
        {run.undoable && run.undoes === undefined && (
          <Button size="s" icon={Undo2} onClick={() => (asked ? undo(client, run, name || 'yes') : setAsked(true))}>
            {t('actions.undo')}
          </Button>
        )}
        {run.undoneBy !== undefined && <span className={css.dim}>{t('actions.undone')}</span>}
      </div>
      {asked && run.undoable && (
        <Field label={t('actions.undoConfirm')} hint={t('actions.undoConfirmHint')}>
          <TextInput value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
      )}
      <ul className={css.steps}>
        {run.steps.slice(0, 20).map((step) => (
          <li key={`${step.object.cluster}/${step.object.namespace}/${step.object.name}`} data-state={step.state}>
            {run.steps.length > 1 && <code>{step.object.name}</code>} {step.message} {step.hint}
          </li>
        ))}
        {run.steps.length > 20 && <li>{t('actions.more', { count: run.steps.length - 20 })}</li>}
      </ul>
    </li>
  );
}

function EntryLine({ entry }: { entry: AuditEntry }) {
  return (
    <li>
      <details className={css.entry}>
        <summary>
          <StatusMark tone={entry.result === 'done' ? 'healthy' : 'failed'}>
            {t(`actions.state.${entry.result}`)}
          </StatusMark>
          <strong>
            {hasText(`actions.title.${entry.action}`) ? t(`actions.title.${entry.action}`) : entry.action}
          </strong>
          <code>{[entry.namespace, entry.name].filter(Boolean).join('/')}</code>
          <span className={css.dim}>{entry.kind}</span>
          <span className={css.dim}>{entry.clusterName}</span>
          <span className={css.grow} />
          <span className={css.dim}>{entry.user}</span>
          <span className={css.dim}>
            <Age at={entry.at} />
          </span>
        </summary>
        {entry.error !== undefined && <p className={css.error}>{entry.error}</p>}
        <code className={css.request}>{entry.request}</code>
        <Differences changes={entry.changes} />
      </details>
    </li>
  );
}
