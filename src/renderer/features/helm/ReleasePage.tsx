import { Eye, EyeOff, FlaskConical, History, RefreshCw, Trash2, Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ReleaseDetail, ReleaseName } from '../../../core/cluster/helm/contract.ts';
import type { PageProps } from '../../app/feature.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { useLive, useQuery } from '../../client/index.ts';
import {
  Age,
  Button,
  CopyButton,
  Dot,
  ErrorState,
  IconButton,
  inSentences,
  Name,
  Segments,
  Skeleton,
  StatusMark,
  Strip,
  Tabs,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { DiffTab } from './DiffTab.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import css from './helm.module.css';
import { toneOf } from './model.ts';
import { OperationDialog } from './OperationDialog.tsx';
import type { OperationKind } from './OperationFields.tsx';
import { ResourcesTab } from './ResourcesTab.tsx';

/** One release. */
export function ReleasePage({ parts }: PageProps) {
  const { cluster = '', namespace = '', name = '' } = parts;
  const { params } = useLocation();
  const { byId } = useClusters();
  const [reveal, setReveal] = useState(false);
  const [asked, setAsked] = useState<{ kind: OperationKind; revision?: number }>();
  const wanted: ReleaseName = { cluster, namespace, name };
  const live = byId.get(cluster)?.state === 'live';
  const { data, error, reload } = useQuery((client) => client.helm.release, live ? { ...wanted, reveal } : null);
  const program = useQuery((client) => client.helm.program, {});
  const rights = useQuery((client) => client.helm.rights, live ? wanted : null);
  useNewRevisions(wanted, data, reload);
  const waiting = useDelayed(data === undefined && error === undefined);
  const missing = program.data?.found === false ? inSentences(program.data.message, program.data.hint) : undefined;
  if (data === undefined) {
    if (error !== undefined)
      return <ErrorState title={t('helm.releaseFailed', { name })} error={error} onRetry={reload} />;
    return waiting ? (
      <div className={css.page} aria-busy="true">
        <Skeleton width="30%" height={20} />
        <Skeleton width="60%" />
        <Skeleton width="48%" />
      </div>
    ) : null;
  }
  const { release } = data;
  const why = (kind: OperationKind) => missing ?? rights.data?.lacks[kind]?.map(({ reason }) => `${reason}.`).join(' ');
  const operation = (kind: OperationKind, icon: typeof Upload, danger = false) => (
    <Button
      size="s"
      icon={icon}
      variant={danger ? 'danger' : 'default'}
      disabled={why(kind) !== undefined}
      title={why(kind)}
      onClick={() => setAsked({ kind })}
    >
      {t(`helm.operation.${kind}`)}…
    </Button>
  );
  return (
    <div className={css.page}>
      <nav className={css.dim}>
        <a className={css.link} href={href('/helm')}>
          {t('helm.title')}
        </a>{' '}
        / {namespace}
      </nav>
      <header className={css.head}>
        <h1 className={css.title}>
          <Name>{name}</Name>
        </h1>
        <StatusMark tone={toneOf(release.status)}>{release.status}</StatusMark>
        <span className={css.dim}>{t('helm.revisionOf', { revision: release.revision })}</span>
        <span className={css.cluster}>
          <Dot color={byId.get(cluster)?.color ?? ''} />
          {release.clusterName}
        </span>
        <span className={css.grow} />
        <IconButton
          size="s"
          icon={reveal ? EyeOff : Eye}
          pressed={reveal}
          label={t(reveal ? 'helm.hide' : 'helm.reveal')}
          onClick={() => setReveal(!reveal)}
        />
        <IconButton size="s" icon={RefreshCw} label={t('helm.refresh')} onClick={reload} />
        {operation('upgrade', Upload)}
        {operation('rollback', History)}
        {operation('test', FlaskConical)}
        {operation('uninstall', Trash2, true)}
      </header>
      {missing !== undefined && <Strip tone="unknown">{missing}</Strip>}
      {missing === undefined && why('upgrade') !== undefined && (
        <Strip tone="unknown">{t('helm.mayOnlyRead', { reason: rights.data?.lacks.upgrade?.[0]?.reason ?? '' })}</Strip>
      )}
      {error !== undefined && (
        <ErrorState compact title={t('helm.releaseFailed', { name })} error={error} onRetry={reload} />
      )}
      <Tabs
        label={name}
        value={params.tab ?? 'overview'}
        onChange={(tab) => setParams({ tab: tab === 'overview' ? undefined : tab })}
        tabs={[
          { id: 'overview', label: t('helm.tab.overview'), content: <Overview detail={data} /> },
          { id: 'values', label: t('helm.tab.values'), content: <Values detail={data} /> },
          {
            id: 'manifest',
            label: t('helm.tab.manifest'),
            content: <Text text={data.manifest} hidden={data.hidden} />,
          },
          {
            id: 'history',
            label: t('helm.tab.history'),
            count: data.history.length,
            content: (
              <HistoryTab
                history={data.history}
                current={release.revision}
                onRollback={
                  why('rollback') === undefined ? (revision) => setAsked({ kind: 'rollback', revision }) : undefined
                }
              />
            ),
          },
          {
            id: 'diff',
            label: t('helm.tab.diff'),
            content: <DiffTab name={wanted} history={data.history} reveal={reveal} />,
          },
          {
            id: 'resources',
            label: t('helm.tab.resources'),
            content: <ResourcesTab name={wanted} revision={release.revision} />,
          },
        ]}
      />
      {asked !== undefined && (
        <OperationDialog
          kind={asked.kind}
          detail={data}
          revision={asked.revision}
          onClose={() => {
            setAsked(undefined);
            reload();
          }}
        />
      )}
    </div>
  );
}

/** A new revision, or another status, is read when the list tells of it. */
function useNewRevisions(wanted: ReleaseName, shown: ReleaseDetail | undefined, reload: () => void): void {
  const { rows } = useLive((client) => client.helm.releases, {
    clusters: [wanted.cluster],
    namespaces: [wanted.namespace],
  });
  const newest = rows.find(({ namespace, name }) => namespace === wanted.namespace && name === wanted.name);
  const known = shown?.release;
  const differs =
    newest !== undefined &&
    known !== undefined &&
    (newest.revision !== known.revision || newest.status !== known.status);
  const stamp = `${newest?.revision} ${newest?.status}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new revision is read once
  useEffect(() => {
    if (differs) reload();
  }, [differs, stamp]);
}

function Overview({ detail }: { detail: ReleaseDetail }) {
  const { release, notes, hooks } = detail;
  const facts: [string, React.ReactNode][] = [
    [t('helm.column.chart'), `${release.chart} ${release.chartVersion}`],
    [t('helm.column.appVersion'), release.appVersion],
    [t('helm.column.updated'), <Age key="age" at={release.updated} suffix={t('helm.ago')} />],
    [t('helm.description'), release.description],
    [t('helm.storage'), t(`helm.stored.${release.storage}`)],
  ];
  return (
    <div className={css.body}>
      <dl className={css.facts}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h2 className={css.sub}>{t('helm.notes')}</h2>
      {notes.trim() === '' ? (
        <p className={css.dim}>{t('helm.noNotes')}</p>
      ) : (
        <pre className={css.code}>{notes.trim()}</pre>
      )}
      {hooks.length > 0 && (
        <>
          <h2 className={css.sub}>{t('helm.hooks')}</h2>
          <table className={css.table}>
            <tbody>
              {hooks.map((hook) => (
                <tr key={`${hook.kind}/${hook.name}`}>
                  <td>
                    {hook.kind} <Name>{hook.name}</Name>
                  </td>
                  <td>{hook.events.join(', ')}</td>
                  <td>{hook.phase || t('helm.neverRan')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </div>
  );
}

function Values({ detail }: { detail: ReleaseDetail }) {
  const [which, setWhich] = useState<'values' | 'computed'>('values');
  return (
    <div className={css.body}>
      <Segments
        label={t('helm.tab.values')}
        value={which}
        onChange={setWhich}
        options={[
          { value: 'values', label: t('helm.ownValues') },
          { value: 'computed', label: t('helm.computedValues') },
        ]}
      />
      {detail[which] === '' ? (
        <p className={css.dim}>{t(which === 'values' ? 'helm.noValues' : 'helm.noComputed')}</p>
      ) : (
        <Text text={detail[which]} hidden={detail.hidden} />
      )}
    </div>
  );
}

function Text({ text, hidden }: { text: string; hidden: readonly string[] }) {
  return (
    <div className={css.body}>
      <div className={css.head}>
        {hidden.length > 0 && (
          <span className={css.dim} title={hidden.join('\n')}>
            {t('helm.hidden', { count: hidden.length })}
          </span>
        )}
        <span className={css.grow} />
        <CopyButton text={text} label={t('helm.copyText')} />
      </div>
      <pre className={css.code}>{text}</pre>
    </div>
  );
}
