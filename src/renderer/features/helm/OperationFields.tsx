import { toast } from 'sonner';
import type { Operation, ReleaseDetail } from '../../../core/cluster/helm/contract.ts';
import { toError, useClient, useQuery } from '../../client/index.ts';
import { Button, Field, legible, Select, Switch, TextInput, t } from '../../ui/index.ts';
import css from './helm.module.css';
import { compareVersions, isRepositoryChart } from './model.ts';
import { ValuesField } from './ValuesField.tsx';

export type OperationKind = Operation['operation'];

/** A chart that was chosen before the operation was. */
export interface ChosenChart {
  chart: string;
  version: string;
  /** Its defaults, YAML. */
  values: string;
  /** Of its values, JSON; '' when it has none. */
  schema: string;
}

/** What an operation asks for, as it is written in the dialog. */
export interface Draft {
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

interface FieldsProps {
  kind: OperationKind;
  draft: Draft;
  change(part: Partial<Draft>): void;
  detail: ReleaseDetail | undefined;
  clusters: readonly { key: string; name: string }[];
  /** The values that the release has, or the chart's defaults. */
  before: string;
  /** The chart that is meant, as far as it was read. */
  chosen: ChosenChart | undefined;
  onChosen(chart: ChosenChart): void;
}

export function OperationFields(props: FieldsProps) {
  const { kind, draft, change, detail, clusters, before, chosen } = props;
  const text = (field: 'namespace' | 'name') => (
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
  const fill = useDefaults(props);
  const isChosen = chosen !== undefined && chosen.chart === draft.chart.trim();
  // The release's own chart, while no other is named.
  const kept = draft.chart.trim() === '' ? detail : undefined;
  return (
    <>
      {kind === 'install' && (
        <>
          <Field label={t('helm.field.cluster')}>
            <Select
              options={clusters.map(({ key, name }) => ({ value: key, label: legible(name) }))}
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
            <ChartField {...props} />
            <VersionField draft={draft} change={change} />
          </div>
          {kind === 'upgrade' && <Newer {...props} onTake={(taken) => fill(taken, false)} />}
          <ValuesField
            values={draft.values}
            before={before}
            schema={isChosen ? chosen.schema : (kept?.schema ?? '')}
            defaults={isChosen ? chosen.values : (kept?.defaults ?? '')}
            hint={t(detail?.hidden.length ? 'helm.valuesHidden' : 'helm.valuesHint')}
            onChange={(values) => change({ values })}
            onFill={kind === 'install' && draft.chart.trim() !== '' ? () => fill(draft, true) : undefined}
          />
        </>
      )}
      {kind === 'rollback' && (
        <Field label={t('helm.field.revision')}>
          <Select
            options={(detail?.history ?? [])
              .filter(({ revision }) => revision !== detail?.release.revision)
              .map(({ revision, status, chartVersion, description }) => ({
                value: String(revision),
                label: legible(`${revision} · ${status} · ${chartVersion} · ${description}`),
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
function ChartField({ kind, draft, change, detail }: FieldsProps) {
  const { data } = useQuery((client) => client.helm.charts, { text: '' });
  return (
    <>
      <Field label={t('helm.field.chart')} hint={chartHint(kind, detail)}>
        <TextInput list="helm-charts" value={draft.chart} onChange={(event) => change({ chart: event.target.value })} />
      </Field>
      <datalist id="helm-charts">
        {data?.charts.map(({ name, version, description }) => (
          <option key={name} value={name}>{`${version} · ${description}`}</option>
        ))}
      </datalist>
    </>
  );
}

/** Which version: any text, since registries are not asked for theirs; those of a repository's chart are offered. */
function VersionField({ draft, change }: Pick<FieldsProps, 'draft' | 'change'>) {
  const chart = draft.chart.trim();
  const { data, previous } = useQuery(
    (client) => client.helm.chartVersions,
    isRepositoryChart(chart) ? { chart } : null,
  );
  const versions = previous ? [] : (data?.versions ?? []);
  return (
    <>
      <Field label={t('helm.field.version')} hint={t('helm.versionHint')}>
        <TextInput
          list="helm-versions"
          value={draft.version}
          onChange={(event) => change({ version: event.target.value })}
        />
      </Field>
      <datalist id="helm-versions">
        {versions.map(({ version, appVersion }) => (
          <option key={version} value={version}>
            {appVersion}
          </option>
        ))}
      </datalist>
    </>
  );
}

/** Charts of the same name in the repositories, in a newer version than the release has. */
function Newer({ draft, change, detail, onTake }: FieldsProps & { onTake(draft: Draft): void }) {
  const { data } = useQuery((client) => client.helm.charts, { text: detail?.release.chart ?? '' });
  const newer = (data?.charts ?? []).filter(
    ({ name, version, deprecated }) =>
      !deprecated &&
      name.endsWith(`/${detail?.release.chart}`) &&
      compareVersions(detail?.release.chartVersion ?? '', version) < 0,
  );
  if (newer.length === 0 || draft.chart !== '') return null;
  return (
    <p className={css.newer}>
      {t('helm.newer', { version: detail?.release.chartVersion ?? '' })}
      {newer.slice(0, 5).map(({ name, version }) => (
        <Button
          key={name}
          size="s"
          onClick={() => {
            change({ chart: name, version });
            onTake({ ...draft, chart: name, version });
          }}
        >
          {legible(`${name} ${version}`)}
        </Button>
      ))}
    </p>
  );
}

/** Reads a chart, whose schema and defaults are then known; the values begin with its defaults when they should. */
function useDefaults({ change, onChosen }: FieldsProps): (draft: Draft, fills: boolean) => void {
  const client = useClient();
  return (draft, fills) => {
    const chart = draft.chart.trim();
    const version = draft.version.trim();
    client.helm.chart({ chart, ...(version !== '' && { version }) }).then(
      ({ values, schema }) => {
        onChosen({ chart, version, values, schema });
        if (fills) change({ values });
      },
      (error: unknown) => void toast.error(t('helm.defaultsFailed'), { description: toError(error).message }),
    );
  };
}

function chartHint(kind: OperationKind, detail: ReleaseDetail | undefined): string {
  if (kind === 'install') return t('helm.chartHint');
  return t(detail?.chartKept === true ? 'helm.chartKept' : 'helm.chartLost');
}
