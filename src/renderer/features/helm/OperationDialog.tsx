import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Operation, ReleaseDetail } from '../../../core/cluster/helm/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { toError, useClient, useCommand, useQuery } from '../../client/index.ts';
import {
  Button,
  CopyButton,
  Dialog,
  ErrorState,
  Field,
  Select,
  Skeleton,
  Switch,
  TextArea,
  TextInput,
  t,
} from '../../ui/index.ts';
import { DiffView } from './DiffView.tsx';
import css from './helm.module.css';
import { RunView } from './RunView.tsx';

export type OperationKind = Operation['operation'];

interface DialogProps {
  kind: OperationKind;
  /** Absent for an installation. */
  detail?: ReleaseDetail;
  /** To roll back to; the one before when absent. */
  revision?: number | undefined;
  onClose(): void;
}

interface Draft {
  cluster: string;
  namespace: string;
  name: string;
  chart: string;
  version: string;
  values: string;
  revision: string;
  createNamespace: boolean;
  wait: boolean;
  takeOver: boolean;
  keepHistory: boolean;
}

/** What changes is brought into sight as soon as it is asked for: the fields above may fill the dialog. */
function inSight(section: HTMLElement | null): void {
  section?.scrollIntoView({ block: 'nearest' });
}

/** Asks for what an operation needs, shows what helm's dry run says, does it, and tells its output. */
export function OperationDialog({ kind, detail, revision, onClose }: DialogProps) {
  const { rows: clusters } = useClusters();
  const live = clusters.filter(({ state }) => state === 'live');
  const before = detail?.history.find((each) => each.revision < (detail?.release.revision ?? 0));
  const [draft, setDraft] = useState<Draft>({
    cluster: detail?.release.cluster ?? live[0]?.key ?? '',
    namespace: detail?.release.namespace ?? '',
    name: detail?.release.name ?? '',
    chart: '',
    version: '',
    values: detail?.values ?? '',
    revision: String(revision ?? before?.revision ?? ''),
    createNamespace: false,
    wait: false,
    takeOver: false,
    keepHistory: false,
  });
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
  const mayRun = shown !== undefined && (confirmation?.level !== 'type' || confirmed === confirmation.text);
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
        <Fields kind={kind} draft={draft} change={change} detail={detail} clusters={live} />
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
            {shown !== undefined && kind !== 'test' && <DiffView diff={shown.diff} />}
            {shown !== undefined && (
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

function Fields(props: {
  kind: OperationKind;
  draft: Draft;
  change(part: Partial<Draft>): void;
  detail: ReleaseDetail | undefined;
  clusters: readonly { key: string; name: string }[];
}) {
  const { kind, draft, change, detail, clusters } = props;
  const text = (field: 'namespace' | 'name' | 'version') => (
    <Field label={t(`helm.field.${field}`)}>
      <TextInput value={draft[field]} onChange={(event) => change({ [field]: event.target.value })} />
    </Field>
  );
  const flag = (field: 'createNamespace' | 'wait' | 'takeOver' | 'keepHistory') => (
    <div className={css.flag}>
      <Switch label={t(`helm.field.${field}`)} checked={draft[field]} onChange={(on) => change({ [field]: on })} />
      <span>{t(`helm.field.${field}`)}</span>
    </div>
  );
  return (
    <>
      {kind === 'install' && (
        <>
          <Field label={t('helm.field.cluster')}>
            <Select
              options={clusters.map(({ key, name }) => ({ value: key, label: name }))}
              value={draft.cluster}
              onChange={(cluster) => change({ cluster })}
            />
          </Field>
          <div className={css.pair}>
            {text('namespace')}
            {text('name')}
          </div>
        </>
      )}
      {(kind === 'install' || kind === 'upgrade') && (
        <>
          <div className={css.pair}>
            <ChartField kind={kind} draft={draft} change={change} detail={detail} />
            {text('version')}
          </div>
          <Field
            label={t('helm.field.values')}
            hint={t(detail?.hidden.length ? 'helm.valuesHidden' : 'helm.valuesHint')}
          >
            <TextArea
              className={css.values}
              rows={12}
              value={draft.values}
              onChange={(event) => change({ values: event.target.value })}
            />
          </Field>
        </>
      )}
      {kind === 'rollback' && (
        <Field label={t('helm.field.revision')}>
          <Select
            options={(detail?.history ?? [])
              .filter(({ revision }) => revision !== detail?.release.revision)
              .map(({ revision, status, chartVersion, description }) => ({
                value: String(revision),
                label: `${revision} · ${status} · ${chartVersion} · ${description}`,
              }))}
            value={draft.revision}
            onChange={(revision) => change({ revision })}
          />
        </Field>
      )}
      {kind === 'install' && flag('createNamespace')}
      {kind !== 'uninstall' && kind !== 'test' && flag('wait')}
      {(kind === 'upgrade' || kind === 'rollback') && flag('takeOver')}
      {kind === 'uninstall' && flag('keepHistory')}
    </>
  );
}

/** A chart by its name or its place; those of helm's repositories are offered. */
function ChartField(props: {
  kind: OperationKind;
  draft: Draft;
  change(part: Partial<Draft>): void;
  detail: ReleaseDetail | undefined;
}) {
  const { kind, draft, change, detail } = props;
  const client = useClient();
  const { data } = useQuery((c) => c.helm.charts, { text: '' });
  const fill = () => {
    const version = draft.version.trim();
    client.helm.chart({ chart: draft.chart.trim(), ...(version !== '' && { version }) }).then(
      ({ values }) => change({ values }),
      (error: unknown) => void toast.error(t('helm.defaultsFailed'), { description: toError(error).message }),
    );
  };
  return (
    <div className={css.chart}>
      <Field label={t('helm.field.chart')} hint={chartHint(kind, detail)}>
        <TextInput list="helm-charts" value={draft.chart} onChange={(event) => change({ chart: event.target.value })} />
      </Field>
      <datalist id="helm-charts">
        {data?.charts.map(({ name, version, description }) => (
          <option key={name} value={name}>{`${version} · ${description}`}</option>
        ))}
      </datalist>
      {kind === 'install' && (
        <Button size="s" disabled={draft.chart.trim() === ''} onClick={fill}>
          {t('helm.fillDefaults')}
        </Button>
      )}
    </div>
  );
}

function chartHint(kind: OperationKind, detail: ReleaseDetail | undefined): string {
  if (kind === 'install') return t('helm.chartHint');
  return t(detail?.chartKept === true ? 'helm.chartKept' : 'helm.chartLost');
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
