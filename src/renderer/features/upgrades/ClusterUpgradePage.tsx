import { Copy, Download, SearchCheck, Square } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Report, UpgradeRow } from '../../../core/cluster/upgrades/contract.ts';
import type { PageProps } from '../../app/feature.ts';
import { href, setParams, useLocation } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { useClient, useCommand, useLive, useQuery } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';
import {
  Age,
  Button,
  copyText,
  Dot,
  EmptyState,
  ErrorState,
  IconButton,
  inSentences,
  legible,
  Name,
  Skeleton,
  StatusMark,
  Strip,
  Tabs,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { AddonsTab } from './AddonsTab.tsx';
import { ApiTab } from './ApiTab.tsx';
import { CheckProgress } from './CheckProgress.tsx';
import { HazardsTab } from './HazardsTab.tsx';
import { supportTones } from './model.ts';
import { PlanTab } from './PlanTab.tsx';
import { SkewTab } from './SkewTab.tsx';
import { Target } from './UpgradesPage.tsx';
import css from './upgrades.module.css';

/** One cluster's way to another release. */
export function ClusterUpgradePage({ parts }: PageProps) {
  const { cluster = '' } = parts;
  const { rows, head, state, error, retry } = useLive((client) => client.upgrades.fleet, { clusters: [cluster] });
  const row = rows.find(({ key }) => key === cluster);
  const answer = useQuery((client) => client.upgrades.report, { cluster });
  useRevision(row?.revision, answer.reload);
  const waiting = useDelayed(state === 'waiting' || (answer.data === undefined && answer.error === undefined));
  if (error !== undefined) return <ErrorState title={t('upgrades.fleetFailed')} error={error} onRetry={retry} />;
  if (row === undefined || head === undefined) {
    if (state === 'live') return <EmptyState level="h1" title={t('upgrades.noCluster')} />;
    return waiting ? <Bones /> : null;
  }
  const report = answer.data?.report ?? null;
  return (
    <div className={css.page}>
      <Head row={row} newest={head.newest} report={report} />
      {row.state !== 'live' && <Strip tone="warning">{t('upgrades.notLiveText')}</Strip>}
      {row.problem !== '' && (
        <Strip tone="failed">
          {t('upgrades.checkFailed')} {inSentences(legible(row.problem), row.hint)}
        </Strip>
      )}
      {row.check !== null && <CheckProgress check={row.check} />}
      {answer.error !== undefined && (
        <ErrorState compact title={t('upgrades.reportFailed')} error={answer.error} onRetry={answer.reload} />
      )}
      {answer.data === undefined && answer.error === undefined && waiting && <Bones />}
      {answer.data !== undefined && report === null && row.check === null && <NotChecked row={row} />}
      {report !== null && <ReportTabs report={report} />}
    </div>
  );
}

/** What a report is made of has changed: it is asked for again. */
function useRevision(revision: number | undefined, reload: () => void): void {
  const shown = useRef(revision);
  useEffect(() => {
    if (revision === undefined || shown.current === revision) return;
    shown.current = revision;
    reload();
  }, [revision, reload]);
}

function Head({ row, newest, report }: { row: UpgradeRow; newest: number; report: Report | null }) {
  const { byId } = useClusters();
  const client = useClient();
  const [begin, { error }] = useCommand((each) => each.upgrades.check);
  const [cancel] = useCommand((each) => each.upgrades.cancel);
  const { key, name, version, minor, target, support, supportEnds, check, checkedAt } = row;
  const markdown = async (use: (text: string) => unknown) => {
    const { text } = await client.upgrades.markdown({ cluster: key });
    await use(text);
  };
  return (
    <>
      <nav className={css.dim}>
        <a className={css.link} href={href('/upgrades')}>
          {t('upgrades.title')}
        </a>
      </nav>
      <header className={css.head}>
        <h1 className={css.title}>
          <span className={css.cluster}>
            <Dot color={byId.get(key)?.color ?? ''} />
            <Name>{name}</Name>
          </span>
        </h1>
        <span className={css.mono}>{version === null ? t('upgrades.unknown') : legible(version)}</span>
        {minor !== null && target !== null && (
          <span className={css.targetLabel}>
            <span className={css.dim}>{t('upgrades.to')}</span>
            <Target cluster={key} minor={minor} target={target} newest={newest} />
          </span>
        )}
        <StatusMark tone={supportTones[support]}>
          {supportEnds === null ? t(`upgrades.support.${support}`) : t('upgrades.supportUntil', { date: supportEnds })}
        </StatusMark>
        {row.blockers !== null && row.blockers > 0 && (
          <StatusMark tone="failed">{t('upgrades.blockers', { count: row.blockers })}</StatusMark>
        )}
        {row.warnings !== null && row.warnings > 0 && (
          <StatusMark tone="warning">{t('upgrades.warnings', { count: row.warnings })}</StatusMark>
        )}
        <span className={css.grow} />
        {checkedAt !== null && check === null && (
          <span className={css.dim}>
            {t('upgrades.checkedAt')} <Age ahead={0} at={checkedAt} suffix={t('upgrades.ago')} />
          </span>
        )}
        {report !== null && (
          <>
            <IconButton
              icon={Copy}
              label={t('upgrades.copyMarkdown')}
              onClick={() => void markdown(copyText).catch(() => undefined)}
            />
            <IconButton
              icon={Download}
              label={t('upgrades.saveMarkdown')}
              onClick={() =>
                void markdown((text) =>
                  saveText(`upgrade-${name.replace(/[^\w.-]+/g, '-')}.md`, 'text/markdown', text),
                ).catch(() => undefined)
              }
            />
          </>
        )}
        {check === null ? (
          <Button
            variant={report === null ? 'primary' : 'default'}
            icon={SearchCheck}
            disabled={row.state !== 'live'}
            title={row.state === 'live' ? undefined : t('upgrades.notLive')}
            onClick={() => void begin({ cluster: key }).catch(() => undefined)}
          >
            {t('upgrades.check')}
          </Button>
        ) : (
          <Button icon={Square} onClick={() => void cancel({ cluster: key }).catch(() => undefined)}>
            {t('upgrades.cancel')}
          </Button>
        )}
      </header>
      {error !== undefined && <Strip tone="failed">{inSentences(error.message, error.hint)}</Strip>}
    </>
  );
}

function NotChecked({ row }: { row: UpgradeRow }) {
  return (
    <EmptyState icon={SearchCheck} title={t('upgrades.notCheckedTitle')}>
      {row.state === 'live' ? t('upgrades.notCheckedText') : t('upgrades.notLive')}
    </EmptyState>
  );
}

function ReportTabs({ report }: { report: Report }) {
  const { params } = useLocation();
  const worrying = (...areas: string[]) =>
    report.findings.filter(({ area, severity }) => areas.includes(area) && severity !== 'note').length || undefined;
  return (
    <Tabs
      label={t('upgrades.title')}
      value={params.tab ?? 'plan'}
      onChange={(tab) => setParams({ tab: tab === 'plan' ? undefined : tab })}
      tabs={[
        { id: 'plan', label: t('upgrades.tab.plan'), content: <PlanTab report={report} /> },
        { id: 'apis', label: t('upgrades.tab.apis'), count: worrying('api'), content: <ApiTab report={report} /> },
        {
          id: 'skew',
          label: t('upgrades.tab.skew'),
          count: worrying('skew', 'support'),
          content: <SkewTab report={report} />,
        },
        {
          id: 'hazards',
          label: t('upgrades.tab.hazards'),
          count: worrying('hazard'),
          content: <HazardsTab report={report} />,
        },
        {
          id: 'addons',
          label: t('upgrades.tab.addons'),
          count: worrying('addon'),
          content: <AddonsTab report={report} />,
        },
      ]}
    />
  );
}

function Bones() {
  return (
    <div className={css.page} aria-busy="true">
      <Skeleton width="30%" height={20} />
      <Skeleton width="60%" />
      <Skeleton width="48%" />
    </div>
  );
}
