import { Pencil, Plus, Tags } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { LabelRule, Violation } from '../../../core/cluster/labels/contract.ts';
import { setParams, useLocation } from '../../app/router.ts';
import { useScope } from '../../app/scope.ts';
import { toError, useClient, useLive } from '../../client/index.ts';
import {
  Button,
  Chip,
  EmptyState,
  ErrorState,
  formatCount,
  IconButton,
  legible,
  SearchInput,
  Strip,
  Switch,
  t,
  useDelayed,
} from '../../ui/index.ts';
import { FixDialog } from './FixDialog.tsx';
import css from './labels.module.css';
import shared from './namespaces.module.css';
import { PageTabs } from './PageTabs.tsx';
import { RuleDialog } from './RuleDialog.tsx';
import { ViolationTable } from './ViolationTable.tsx';

/** Lines that are asked for; the rest is counted. */
const linesShown = 300;
/** More are not changed at once. */
const mostFixed = 1000;

/** Labels that objects must have, and the objects that have not. */
export function LabelsPage() {
  const { clusters, namespaces } = useScope();
  const { params } = useLocation();
  const client = useClient();
  const { rows: rules } = useLive((c) => c.labels.rules, {});
  const wanted = {
    ...(clusters !== undefined && { clusters }),
    ...(namespaces !== undefined && { namespaces }),
    ...(params.rule !== undefined && { rule: params.rule }),
    ...(params.kind !== undefined && { kind: params.kind }),
    text: params.filter ?? '',
  };
  const { rows, head, error, retry, state } = useLive((c) => c.labels.violations, { ...wanted, limit: linesShown });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<LabelRule | 'new'>();
  const [fixed, setFixed] = useState<readonly Violation[]>();
  const waiting = useDelayed(state === 'waiting');
  const selected = rows.filter(({ key }) => chosen.has(key));
  const kind = head?.kinds.find(({ value }) => value === params.kind);
  const fixAll = () => {
    client.labels.find({ ...wanted, limit: mostFixed }).then(
      ({ violations }) => setFixed(violations),
      (problem: unknown) => void toast.error(t('labels.findFailed'), { description: toError(problem).message }),
    );
  };
  const why = fixReason(selected.length > 0 ? selected : rows);
  return (
    <div className={shared.page}>
      <PageTabs page="labels" />
      <header className={shared.head}>
        <h1 className={shared.title}>{t('labels.title')}</h1>
        {head !== undefined && (
          <span className={shared.dim}>
            {t('labels.count', {
              count: head.total,
              number: formatCount(head.total),
              tested: formatCount(head.tested),
            })}
          </span>
        )}
        <span className={shared.grow} />
        <SearchInput
          label={t('labels.filter')}
          value={params.filter ?? ''}
          onChange={(filter) => setParams({ filter: filter || undefined }, { replace: true })}
          className={shared.search}
        />
        <Button icon={Plus} onClick={() => setEdited('new')}>
          {t('labels.newRule')}…
        </Button>
      </header>
      {error !== undefined && <ErrorState compact title={t('labels.failed')} error={error} onRetry={retry} />}
      {head?.problems.map((problem) => (
        <Strip key={problem} tone="warning">
          {legible(problem)}
        </Strip>
      ))}
      {waiting && <p className={shared.dim}>{t('labels.looking')}</p>}
      <div className={css.columns}>
        <Rules rules={rules} counts={head?.rules ?? []} chosen={params.rule} onEdit={setEdited} />
        <section className={css.list} aria-label={t('labels.violations')}>
          <div className={shared.head}>
            <span className={shared.dim} aria-live="polite">
              {head === undefined
                ? ''
                : t('labels.matched', { count: head.matched, number: formatCount(head.matched) })}
            </span>
            {head?.kinds.map(({ value, name, count }) => (
              <button
                key={value}
                type="button"
                className={css.kind}
                aria-pressed={value === params.kind}
                onClick={() => setParams({ kind: value === params.kind ? undefined : value }, { replace: true })}
              >
                {name} <span className={shared.dim}>{formatCount(count)}</span>
              </button>
            ))}
            {params.kind !== undefined && kind === undefined && (
              <Chip label={params.kind} onRemove={() => setParams({ kind: undefined }, { replace: true })}>
                {params.kind}
              </Chip>
            )}
            <span className={shared.grow} />
            <Button
              icon={Tags}
              variant="primary"
              disabled={rows.length === 0 || why !== undefined}
              title={why}
              onClick={() => (selected.length > 0 ? setFixed(selected) : fixAll())}
            >
              {selected.length > 0
                ? t('labels.fixChosen', { count: selected.length })
                : t('labels.fixAll', { count: Math.min(head?.matched ?? 0, mostFixed) })}
              …
            </Button>
          </div>
          {why !== undefined && rows.length > 0 && <p className={shared.dim}>{why}</p>}
          {rows.length > 0 && <ViolationTable rows={rows} rules={rules} chosen={chosen} onChoose={setChosen} />}
          {head !== undefined && head.matched > rows.length && (
            <p className={shared.dim}>{t('labels.more', { count: head.matched - rows.length })}</p>
          )}
          {head !== undefined && !head.loading && rows.length === 0 && (
            <EmptyState icon={Tags} compact title={t(head.total === 0 ? 'labels.allGood' : 'labels.noneHere')}>
              {t('labels.allGoodText', { tested: formatCount(head.tested) })}
            </EmptyState>
          )}
        </section>
      </div>
      {edited !== undefined && (
        <RuleDialog rule={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
      {fixed !== undefined && (
        <FixDialog
          violations={fixed}
          rule={rules.find(({ key }) => key === fixed[0]?.rule)}
          onClose={(done) => {
            setFixed(undefined);
            if (done) setChosen(new Set());
          }}
        />
      )}
    </div>
  );
}

/** One value goes to one label at a time. */
function fixReason(violations: readonly Violation[]): string | undefined {
  const labels = new Set(violations.map(({ label }) => label));
  return labels.size > 1 ? t('labels.oneLabel') : undefined;
}

function Rules(props: {
  rules: readonly LabelRule[];
  counts: readonly { key: string; tested: number; broken: number; problem: string }[];
  chosen: string | undefined;
  onEdit(rule: LabelRule): void;
}) {
  const { rules, counts, chosen, onEdit } = props;
  const client = useClient();
  const choose = (rule: string | undefined) => setParams({ rule, kind: undefined }, { replace: true });
  return (
    <section className={css.rules} aria-label={t('labels.rules')}>
      <button type="button" className={css.rule} aria-pressed={chosen === undefined} onClick={() => choose(undefined)}>
        {t('labels.allRules')}
      </button>
      {rules.map((rule) => {
        const count = counts.find(({ key }) => key === rule.key);
        return (
          <div key={rule.key} className={css.ruleLine}>
            <button
              type="button"
              className={css.rule}
              aria-pressed={chosen === rule.key}
              onClick={() => choose(chosen === rule.key ? undefined : rule.key)}
            >
              <span>{rule.title}</span>
              <code className={css.code}>{rule.label}</code>
              {count !== undefined && (
                <span className={shared.dim}>
                  {count.problem === ''
                    ? t('labels.broken', { broken: formatCount(count.broken), tested: formatCount(count.tested) })
                    : count.problem}
                </span>
              )}
            </button>
            <Switch
              label={t('labels.enabled', { title: rule.title })}
              checked={rule.enabled}
              onChange={(enabled) =>
                client.labels
                  .saveRule({ rule: { ...rule, enabled } })
                  .catch((problem: unknown) =>
                    toast.error(t('labels.saveFailed'), { description: toError(problem).message }),
                  )
              }
            />
            <IconButton
              size="s"
              icon={Pencil}
              label={t('labels.edit', { title: rule.title })}
              onClick={() => onEdit(rule)}
            />
          </div>
        );
      })}
    </section>
  );
}
