import { CircleFadingArrowUp, Download, SearchCheck, Square } from 'lucide-react';
import { useMemo } from 'react';
import type { UpgradeRow } from '../../../core/cluster/upgrades/contract.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useClusters, useScope } from '../../app/scope.ts';
import { useClient, useCommand, useLive } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import {
  Age,
  Button,
  Dot,
  EmptyState,
  ErrorState,
  IconButton,
  inSentences,
  legible,
  Name,
  SearchInput,
  Skeleton,
  StatusMark,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { CheckProgress } from './CheckProgress.tsx';
import { findRows, minorText, rowsAsCsv, supportTones, targetsOf, upgradePath } from './model.ts';
import css from './upgrades.module.css';

/** Versions of all clusters, how long they are supported, and what stands before the next release. */
export function UpgradesPage() {
  const { clusters } = useScope();
  const { params } = useLocation();
  const client = useClient();
  const { rows, head, state, error, retry } = useLive((each) => each.upgrades.fleet, { clusters: clusters ?? [] });
  const filter = params.filter ?? '';
  const found = useMemo(() => findRows(rows, filter), [rows, filter]);
  const waiting = useDelayed(state === 'waiting');
  const idle = found.filter((row) => row.state === 'live' && row.check === null);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1 className={css.title}>{t('upgrades.title')}</h1>
        <span className={css.dim}>{t('upgrades.count', { count: found.length })}</span>
        <span className={css.grow} />
        <SearchInput
          label={t('upgrades.filter')}
          value={filter}
          onChange={(text) => setParams({ filter: text || undefined }, { replace: true })}
          className={css.search}
        />
        <IconButton
          icon={Download}
          label={t('upgrades.exportCsv')}
          disabled={found.length === 0}
          onClick={() => saveText('upgrades.csv', 'text/csv', rowsAsCsv(found))}
        />
        <Button
          icon={SearchCheck}
          disabled={idle.length === 0}
          onClick={() => {
            // What cannot be begun says so in its row.
            for (const { key } of idle) void client.upgrades.check({ cluster: key }).catch(() => undefined);
          }}
        >
          {t('upgrades.checkAll', { count: idle.length })}
        </Button>
      </header>
      {error !== undefined && <ErrorState compact title={t('upgrades.fleetFailed')} error={error} onRetry={retry} />}
      {waiting && <Bones />}
      {state === 'live' && rows.length === 0 && (
        <EmptyState icon={CircleFadingArrowUp} title={t('upgrades.noClusters')}>
          {t('upgrades.noClustersText')}
        </EmptyState>
      )}
      {rows.length > 0 && found.length === 0 && <p className={css.dim}>{t('ui.nothingMatches')}</p>}
      {found.length > 0 && head !== undefined && <FleetTable rows={found} newest={head.newest} />}
      {head !== undefined && found.length > 0 && (
        <p className={css.dim}>
          {t('upgrades.sources')}{' '}
          {[head.support, head.apis].map(({ title, url, date }) => (
            <a key={url} className={css.link} href={url} target="_blank" rel="noreferrer">
              {title}, {date}.{' '}
            </a>
          ))}
        </p>
      )}
    </div>
  );
}

function FleetTable({ rows, newest }: { rows: readonly UpgradeRow[]; newest: number }) {
  return (
    <div className={css.wide}>
      <table className={css.table}>
        <thead>
          <tr>
            {(['cluster', 'version', 'nodes', 'support', 'target', 'found', 'checked'] as const).map((id) => (
              <th key={id} scope="col">
                {t(`upgrades.column.${id}`)}
              </th>
            ))}
            <th scope="col">
              <span className={css.hidden}>{t('upgrades.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <FleetLine key={row.key} row={row} newest={newest} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function FleetLine({ row, newest }: { row: UpgradeRow; newest: number }) {
  const { byId } = useClusters();
  const { key, name, version, minor, kubelets, support, supportEnds, target, check, checkedAt, problem, hint } = row;
  const [begin, beginning] = useCommand((client) => client.upgrades.check);
  const [cancel] = useCommand((client) => client.upgrades.cancel);
  const failure = beginning.error?.message ?? problem;
  return (
    <tr>
      <td>
        <a className={css.link} href={href(upgradePath(key))}>
          <span className={css.cluster}>
            <Dot color={byId.get(key)?.color ?? ''} />
            <Name>{name}</Name>
          </span>
        </a>
      </td>
      <td className={css.mono}>{version === null ? t('upgrades.unknown') : legible(version)}</td>
      <td>
        <Kubelets row={row} kubelets={kubelets} />
      </td>
      <td>
        <StatusMark tone={supportTones[support]}>
          {supportEnds === null ? t(`upgrades.support.${support}`) : t('upgrades.supportUntil', { date: supportEnds })}
        </StatusMark>
      </td>
      <td>
        {minor === null || target === null ? (
          '–'
        ) : (
          <Target cluster={key} minor={minor} target={target} newest={newest} />
        )}
      </td>
      <td>
        {check !== null ? (
          <CheckProgress check={check} />
        ) : failure !== '' ? (
          <span className={css.error}>{inSentences(legible(failure), hint)}</span>
        ) : (
          <Counts row={row} />
        )}
      </td>
      <td>
        {checkedAt === null ? (
          <span className={css.dim}>{t('upgrades.never')}</span>
        ) : (
          <Age ahead={0} at={checkedAt} suffix={t('upgrades.ago')} />
        )}
      </td>
      <td className={css.actions}>
        {check === null ? (
          <Button
            size="s"
            disabled={row.state !== 'live'}
            title={row.state === 'live' ? undefined : t('upgrades.notLive')}
            aria-label={t('upgrades.checkOne', { name })}
            onClick={() => void begin({ cluster: key }).catch(() => undefined)}
          >
            {t('upgrades.check')}
          </Button>
        ) : (
          <Button
            size="s"
            icon={Square}
            aria-label={t('upgrades.cancelOne', { name })}
            onClick={() => void cancel({ cluster: key }).catch(() => undefined)}
          >
            {t('upgrades.cancel')}
          </Button>
        )}
      </td>
    </tr>
  );
}

function Kubelets({ row, kubelets }: { row: UpgradeRow; kubelets: UpgradeRow['kubelets'] }) {
  if (kubelets.length === 0) return <span className={css.dim}>–</span>;
  const [first] = kubelets;
  if (kubelets.length === 1 && first?.version === row.version) {
    return <span>{t('upgrades.nodesSame', { count: first.count })}</span>;
  }
  return (
    <span className={css.mono}>
      {kubelets.map(({ version, count }) => `${count} × ${legible(version)}`).join(', ')}
    </span>
  );
}

function Counts({ row: { blockers, warnings, unread } }: { row: UpgradeRow }) {
  if (blockers === null || warnings === null) return <span className={css.dim}>{t('upgrades.notChecked')}</span>;
  if (blockers === 0 && warnings === 0) {
    return unread === 0 ? (
      <StatusMark tone="healthy">{t('upgrades.clear')}</StatusMark>
    ) : (
      <StatusMark tone="unknown">{t('upgrades.clearSoFar', { count: unread })}</StatusMark>
    );
  }
  return (
    <span className={css.counts}>
      {blockers > 0 && <StatusMark tone="failed">{t('upgrades.blockers', { count: blockers })}</StatusMark>}
      {warnings > 0 && <StatusMark tone="warning">{t('upgrades.warnings', { count: warnings })}</StatusMark>}
    </span>
  );
}

/** Chooses the release that a cluster is to be upgraded to. */
export function Target(props: { cluster: string; minor: number; target: number; newest: number }) {
  const { cluster, minor, target, newest } = props;
  const [set] = useCommand((client) => client.upgrades.setTarget);
  const options = [...new Set([...targetsOf(minor, newest), target])].sort((a, b) => a - b);
  return (
    <select
      className={css.target}
      aria-label={t('upgrades.column.target')}
      value={String(target)}
      onChange={(event) => void set({ cluster, target: Number(event.target.value) }).catch(() => undefined)}
    >
      {options.map((each) => (
        <option key={each} value={String(each)}>
          {each > newest ? t('upgrades.planned', { version: minorText(each) }) : minorText(each)}
        </option>
      ))}
    </select>
  );
}

function Bones() {
  return (
    <div className={css.bones} aria-busy="true">
      {[72, 58, 80, 64, 70].map((width) => (
        <Skeleton key={width} width={`${width}%`} />
      ))}
    </div>
  );
}
