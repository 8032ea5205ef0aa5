import { useMemo, useState } from 'react';
import type { Left, Operation, ReleaseDetail, Right } from '../../../core/cluster/helm/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { useCommand, useQuery } from '../../client/index.ts';
import { Button, CopyButton, Dialog, ErrorState, Field, Name, Skeleton, TextInput, t } from '../../ui/index.ts';
import { DiffView } from './DiffView.tsx';
import css from './helm.module.css';
import { type ChosenChart, type Draft, OperationFields, type OperationKind } from './OperationFields.tsx';
import { RunView } from './RunView.tsx';

interface DialogProps {
  kind: OperationKind;
  /** To install, or to upgrade to; asked for when absent. */
  chart?: ChosenChart | undefined;
  /** Absent for an installation. */
  detail?: ReleaseDetail;
  /** To roll back to; the one before when absent. */
  revision?: number | undefined;
  onClose(): void;
}

/** What changes is brought into sight as soon as it is asked for: the fields above may fill the dialog. */
function inSight(section: HTMLElement | null): void {
  section?.scrollIntoView({ block: 'nearest' });
}

/** Asks for what an operation needs, shows what helm's dry run says, does it, and tells its output. */
export function OperationDialog({ kind, detail, revision, chart, onClose }: DialogProps) {
  const { rows: clusters } = useClusters();
  const live = clusters.filter(({ state }) => state === 'live');
  const before = detail?.history.find((each) => each.revision < (detail?.release.revision ?? 0));
  const [draft, setDraft] = useState<Draft>({
    cluster: detail?.release.cluster ?? live[0]?.key ?? '',
    namespace: detail?.release.namespace ?? '',
    name: detail?.release.name ?? nameFor(chart?.chart ?? ''),
    chart: chart?.chart ?? '',
    version: chart?.version ?? '',
    values: detail?.values ?? chart?.values ?? '',
    revision: String(revision ?? before?.revision ?? ''),
    createNamespace: false,
    wait: false,
    takeOver: false,
    keepHistory: false,
  });
  const [chosen, setChosen] = useState(chart);
  const [confirmed, setConfirmed] = useState('');
  const [run, setRun] = useState<string>();
  const operation = useMemo(() => operationOf(kind, draft, detail), [kind, draft, detail]);
  const key = JSON.stringify(operation);
  // What asks for nothing is previewed at once, the others when somebody wants to see.
  const [previewed, setPreviewed] = useState(kind === 'install' || kind === 'upgrade' ? undefined : key);
  const asks = kind === 'install' || kind === 'upgrade';
  const wanted = operation !== undefined && (!asks || previewed === key);
  const preview = useQuery((client) => client.helm.preview, wanted ? { operation } : null);
  const [perform, performing] = useCommand((client) => client.helm.run);
  const shown = wanted && !preview.previous ? preview.data : undefined;
  const confirmation = shown?.confirmation;
  const mayRun =
    shown !== undefined &&
    shown.lacks.length === 0 &&
    (confirmation?.level !== 'type' || confirmed === confirmation.text);
  const title = t(`helm.operation.${kind}`);
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const start = () => {
    if (operation === undefined || !mayRun) return;
    const answer = confirmation?.level === 'confirm' ? 'yes' : confirmed;
    perform({ operation, ...(answer !== '' && { confirmed: answer }) }).then(
      (begun) => setRun(begun.run),
      () => undefined,
    );
  };
  const heading = detail === undefined ? title : `${title}: ${detail.release.name}`;
  if (run !== undefined) return <RunView run={run} title={heading} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      title={heading}
      footer={
        <>
          <Button onClick={onClose}>{t('helm.cancel')}</Button>
          {asks && !wanted ? (
            <Button variant="primary" disabled={operation === undefined} onClick={() => setPreviewed(key)}>
              {t('helm.preview')}
            </Button>
          ) : (
            <Button
              variant={kind === 'uninstall' ? 'danger' : 'primary'}
              busy={performing.pending}
              disabled={!mayRun}
              onClick={start}
            >
              {title}
            </Button>
          )}
        </>
      }
    >
      <div className={css.form}>
        <OperationFields
          kind={kind}
          draft={draft}
          change={change}
          detail={detail}
          clusters={live}
          before={detail?.values ?? chosen?.values ?? ''}
          chosen={chosen}
          onChosen={setChosen}
        />
        {wanted && (
          <section ref={inSight} className={css.preview} aria-label={t('helm.whatChanges')} aria-busy={preview.loading}>
            <h3 className={css.sub}>{t('helm.whatChanges')}</h3>
            {shown === undefined && preview.error === undefined && <Skeleton width="52%" />}
            {preview.error !== undefined && (
              <ErrorState compact title={t('helm.previewFailed')} error={preview.error} onRetry={preview.reload} />
            )}
            {shown?.notes.map((note) => (
              <p key={note} className={css.note}>
                {note}
              </p>
            ))}
            {shown !== undefined && shown.lacks.length > 0 && <Lacks lacks={shown.lacks} />}
            {shown !== undefined && shown.left.length > 0 && <LeftList left={shown.left} />}
            {shown !== undefined && kind !== 'test' && shown.lacks.length === 0 && <DiffView diff={shown.diff} />}
            {shown !== undefined && shown.lacks.length === 0 && (
              <p className={css.command}>
                <code>{shown.commandLine}</code>
                <CopyButton text={shown.commandLine} label={t('helm.copyCommand')} />
              </p>
            )}
          </section>
        )}
        {confirmation?.level === 'type' && (
          <Field label={t('helm.typeName', { name: confirmation.text })} hint={confirmation.reasons.join(' ')}>
            <TextInput value={confirmed} onChange={(event) => setConfirmed(event.target.value)} />
          </Field>
        )}
        {confirmation?.level === 'confirm' && <p className={css.warning}>{confirmation.reasons.join(' ')}</p>}
        {performing.error !== undefined && (
          <p className={css.error} role="alert">
            {performing.error.message} {performing.error.hint}
          </p>
        )}
      </div>
    </Dialog>
  );
}

/** undefined while something is missing. */
function operationOf(kind: OperationKind, draft: Draft, detail: ReleaseDetail | undefined): Operation | undefined {
  const { cluster, namespace, name, wait, takeOver } = draft;
  const target = { cluster, namespace: namespace.trim(), name: name.trim() };
  if (cluster === '' || target.namespace === '' || target.name === '') return undefined;
  const version = draft.version.trim() === '' ? {} : { version: draft.version.trim() };
  const chart = draft.chart.trim();
  switch (kind) {
    case 'install':
      if (chart === '') return undefined;
      return {
        ...target,
        ...version,
        operation: kind,
        chart,
        values: draft.values,
        wait,
        createNamespace: draft.createNamespace,
      };
    case 'upgrade':
      if (chart === '' && detail?.chartKept !== true) return undefined;
      return {
        ...target,
        ...version,
        operation: kind,
        values: draft.values,
        wait,
        takeOver,
        ...(chart !== '' && { chart }),
      };
    case 'rollback':
      if (draft.revision === '') return undefined;
      return { ...target, operation: kind, revision: Number(draft.revision), wait, takeOver };
    case 'uninstall':
      return { ...target, operation: kind, keepHistory: draft.keepHistory };
    case 'test':
      return { ...target, operation: kind };
  }
}

/** A name for a release of a chart: what the chart is called. */
function nameFor(chart: string): string {
  const last = chart.split(/[\\/]/).at(-1) ?? '';
  return last
    .replace(/(-\d[\w.+-]*)?\.tgz$/, '')
    .replace(/[^a-z0-9.-]/g, '')
    .slice(0, 53);
}

function Lacks({ lacks }: { lacks: readonly Right[] }) {
  return (
    <div role="alert" className={css.lacks}>
      <p className={css.error}>{t('helm.lacks', { count: lacks.length })}</p>
      <ul>
        {lacks.map(({ reason }) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <p className={css.command}>
        <span>{t('helm.lacksRule')}</span>
        <CopyButton text={lacks.map(({ rule }) => rule).join('')} label={t('helm.copyRule')} />
      </p>
    </div>
  );
}

/** What stays behind, each with the reason. */
function LeftList({ left }: { left: readonly Left[] }) {
  return (
    <section aria-label={t('helm.left.title')}>
      <h4 className={css.sub}>{t('helm.left.title')}</h4>
      <table className={css.table}>
        <tbody>
          {left.map(({ kind, namespace, name, why }) => (
            <tr key={`${kind}/${namespace}/${name}`}>
              <td className={css.nowrap}>{kind}</td>
              <td>
                <Name>{name}</Name>
              </td>
              <td className={css.dim}>{t(`helm.left.${why}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
