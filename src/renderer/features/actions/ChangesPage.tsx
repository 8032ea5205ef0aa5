import { CircleCheck, CircleSlash, CircleX, Download, LoaderCircle, ShieldCheck, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import type { Run } from '../../../core/cluster/changes/contract.ts';
import type { AuditEntry } from '../../../core/platform/audit/contract.ts';
import { setParams, useLocation } from '../../app/router.ts';
import { toError, useClient, useLive, useQuery } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import {
  Age,
  Button,
  ChangeTable,
  EmptyState,
  ErrorState,
  legible,
  Name,
  SearchInput,
  Segments,
  StatusMark,
  t,
} from '../../ui/index.ts';
import { hasText } from '../../ui/text.ts';
import css from './actions.module.css';
import { undo } from './Presence.tsx';
import { outcomeText, RunBar, RunSteps } from './RunSteps.tsx';

const results = ['all', 'done', 'failed'] as const;
const entriesAtFirst = 100;
const mostEntries = 1000;

const marks = { running: LoaderCircle, done: CircleCheck, failed: CircleX, cancelled: CircleSlash };

/** What is being changed, what was changed in this session and can be taken back, and the record of all. */
export function ChangesPage() {
  const client = useClient();
  const { params } = useLocation();
  const { rows } = useLive((c) => c.changes.runs, {});
  const text = params.filter ?? '';
  const result = results.find((each) => each === params.result) ?? 'all';
  const [limit, setLimit] = useState(entriesAtFirst);
  const newest = rows.map(({ key, state }) => `${key} ${state}`).join();
  const entries = useQuery((c) => c.audit.entries, { text, limit });
  const verified = useQuery((c) => c.audit.verify, {});
  const { reload } = entries;
  const again = verified.reload;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was done since is in the record, too
  useEffect(() => {
    reload();
    again();
  }, [newest]);
  const runs = rows.filter((run) => runMatches(run, text, result));
  const found = entries.data?.entries.filter(
    (entry) => result === 'all' || (entry.result === 'failed') === (result === 'failed'),
  );
  const save = () =>
    client.audit.export({}).then(
      (file) => saveText(file.fileName, file.mediaType, file.text),
      (error: unknown) => void toast.error(t('actions.exportFailed'), { description: toError(error).message }),
    );
  return (
    <div className={css.page}>
      <header className={css.recordHead}>
        <h1 className={css.pageTitle}>{t('actions.pageTitle')}</h1>
        <span className={css.grow} />
        <Segments
          label={t('actions.show')}
          value={result}
          onChange={(next) => setParams({ result: next === 'all' ? undefined : next }, { replace: true })}
          options={results.map((value) => ({ value, label: t(`actions.result.${value}`) }))}
        />
        <SearchInput
          label={t('actions.search')}
          value={text}
          onChange={(next) => setParams({ filter: next || undefined }, { replace: true })}
          className={css.search}
        />
      </header>
      <section aria-label={t('actions.session')}>
        <h2 className={css.head}>{t('actions.session')}</h2>
        {rows.length === 0 && <p className={css.dim}>{t('actions.noRuns')}</p>}
        {rows.length > 0 && runs.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
        <ul className={css.runs}>
          {runs.map((run) => (
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
          <Button size="s" icon={Download} onClick={() => void save()}>
            {t('actions.export')}
          </Button>
          <Button size="s" onClick={entries.reload}>
            {t('actions.refresh')}
          </Button>
        </div>
        {entries.error !== undefined && (
          <ErrorState compact title={t('actions.recordFailed')} error={entries.error} onRetry={entries.reload} />
        )}
        {found?.length === 0 && (text !== '' || result !== 'all') && (
          <p className={css.dim}>{t('ui.nothingMatches')}</p>
        )}
        {found?.length === 0 && text === '' && result === 'all' && (
          <EmptyState compact title={t('actions.noRecord')}>
            {t('actions.noRecordText')}
          </EmptyState>
        )}
        <ul className={css.entries}>
          {found?.map((entry) => (
            <EntryLine key={entry.key} entry={entry} />
          ))}
        </ul>
        {entries.data !== undefined && entries.data.entries.length >= limit && limit < mostEntries && (
          <Button size="s" onClick={() => setLimit(mostEntries)}>
            {t('actions.showOlder')}
          </Button>
        )}
      </section>
    </div>
  );
}

/** What is on its way is shown, whatever came of others. */
function runMatches(run: Run, text: string, result: (typeof results)[number]): boolean {
  if (result === 'failed' && run.state === 'done') return false;
  if (result === 'done' && run.state !== 'done') return false;
  const shown = [run.title, ...run.steps.flatMap(({ object, message }) => [object.name, object.namespace, message])];
  const all = shown.join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

function RunLine({ run }: { run: Run }) {
  const client = useClient();
  const Mark = marks[run.state];
  const several = run.steps.length > 1;
  return (
    <li className={css.run} data-state={run.state}>
      <div className={css.runHead}>
        <Mark size={15} aria-label={t(`actions.state.${run.state}`)} />
        <strong>{legible(run.title)}</strong>
        {several && <span className={css.dim}>{outcomeText(run)}</span>}
        <span className={css.grow} />
        <span className={css.dim}>
          <Age at={run.startedAt} />
        </span>
        {run.state === 'running' && (
          <Button size="s" onClick={() => void client.changes.cancel({ run: run.key }).catch(() => undefined)}>
            {t('actions.stop')}
          </Button>
        )}
        {run.undoable && run.undoes === undefined && (
          <Button size="s" icon={Undo2} onClick={() => undo(client, run)}>
            {t('actions.undo')}
          </Button>
        )}
        {run.undoneBy !== undefined && <span className={css.dim}>{t('actions.undone')}</span>}
      </div>
      {several && run.state === 'running' && <RunBar run={run} />}
      <RunSteps run={run} atFirst={run.state === 'running' ? 12 : 5} />
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
          <span className={css.entryName}>
            <Name>{[entry.namespace, entry.name].filter(Boolean).join('/')}</Name>
          </span>
          <span className={css.dim}>{legible(entry.kind)}</span>
          <span className={css.dim}>{legible(entry.clusterName)}</span>
          <span className={css.grow} />
          <span className={css.dim}>{legible(entry.user)}</span>
          <span className={css.dim}>
            <Age at={entry.at} />
          </span>
        </summary>
        {entry.error !== undefined && <p className={css.error}>{legible(entry.error)}</p>}
        <code className={css.request}>{legible(entry.request)}</code>
        <ChangeTable changes={entry.changes} />
      </details>
    </li>
  );
}
