import { ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Finding, Report, Step } from '../../../core/cluster/upgrades/contract.ts';
import { useCommand } from '../../client/index.ts';
import { Age, legible, StatusMark, Strip, t } from '../../ui/index.ts';
import { Findings } from './Findings.tsx';
import { minorText, stepTones } from './model.ts';
import css from './upgrades.module.css';

/** The steps of the upgrade in their order; ticks are kept on this computer. */
export function PlanTab({ report }: { report: Report }) {
  const hops = [...new Set(report.steps.map(({ to }) => to))];
  const byKey = new Map(report.findings.map((finding) => [finding.key, finding]));
  const [tick, { error }] = useCommand((client) => client.upgrades.tick);
  const toggle = (step: Step, done: boolean) => tick({ cluster: report.cluster, step: step.key, done });
  return (
    <div className={css.body}>
      {report.planned && (
        <Strip tone="unknown">{t('upgrades.plannedText', { version: minorText(report.target) })}</Strip>
      )}
      {error !== undefined && <Strip tone="failed">{error.message}</Strip>}
      <Changed report={report} />
      {hops.map((to) => (
        <section
          key={to}
          className={css.hop}
          aria-label={t('upgrades.hop', { from: minorText(to - 1), to: minorText(to) })}
        >
          <h2 className={css.sub}>
            {t('upgrades.hop', { from: minorText(to - 1), to: minorText(to) })}{' '}
            <span className={css.dim}>
              {t('upgrades.doneOf', {
                done: report.steps.filter((step) => step.to === to && step.ticked !== null).length,
                of: report.steps.filter((step) => step.to === to).length,
              })}
            </span>
          </h2>
          {(['before', 'controlPlane', 'nodes', 'after'] as const).map((phase) => (
            <div key={phase} className={css.phase}>
              <h3 className={css.phaseName}>{t(`upgrades.phase.${phase}`)}</h3>
              <ol className={css.steps}>
                {report.steps
                  .filter((step) => step.to === to && step.phase === phase)
                  .map((step) => (
                    <StepLine key={step.key} step={step} byKey={byKey} onToggle={(done) => toggle(step, done)} />
                  ))}
              </ol>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function StepLine(props: {
  step: Step;
  byKey: ReadonlyMap<string, Finding>;
  onToggle(done: boolean): Promise<unknown>;
}) {
  const { step, byKey, onToggle } = props;
  // A tick is seen at once; the engine's word replaces it.
  const [wanted, setWanted] = useState<boolean>();
  const done = wanted ?? step.ticked !== null;
  const { ticked } = step;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever the engine says is newer than the wish
  useEffect(() => setWanted(undefined), [ticked]);
  const toggle = () => {
    setWanted(!done);
    // That it failed is told above the plan.
    onToggle(!done).catch(() => setWanted(undefined));
  };
  const findings = step.findings.flatMap((key) => byKey.get(key) ?? []);
  return (
    <li className={css.step} data-done={done}>
      <label className={css.stepHead}>
        <input type="checkbox" checked={done} onChange={toggle} />
        <span className={css.stepTitle}>{step.title}</span>
      </label>
      {step.state !== 'manual' && (
        <StatusMark tone={stepTones[step.state]}>
          {findings.length === 0
            ? t('upgrades.nothingFound')
            : t(`upgrades.step.${step.state}`, { count: findings.length })}
        </StatusMark>
      )}
      {step.ticked !== null && (
        <span className={css.dim}>
          <Age ahead={0} at={step.ticked} suffix={t('upgrades.ago')} />
        </span>
      )}
      <p className={css.stepWhy}>
        <Why text={step.why} />
      </p>
      {findings.length > 0 && !done && (
        <div className={css.stepFindings}>
          <Findings findings={findings} />
        </div>
      )}
    </li>
  );
}

/** An address in a sentence is a link. */
function Why({ text }: { text: string }) {
  const [, before, url] = /^(.*?)(https:\/\/\S+)$/.exec(text) ?? [];
  if (before === undefined || url === undefined) return legible(text);
  return (
    <>
      {legible(before)}
      <a className={css.link} href={url} target="_blank" rel="noreferrer">
        {t('upgrades.readIt')}
      </a>
    </>
  );
}

function Changed({ report: { changed } }: { report: Report }) {
  if (changed === null) return null;
  const { since, gone, come } = changed;
  if (gone.length === 0 && come.length === 0) {
    return (
      <p className={css.dim}>
        {t('upgrades.unchanged')} <Age ahead={0} at={since} suffix={t('upgrades.ago')} />.
      </p>
    );
  }
  return (
    <details className={css.changed}>
      <summary>
        <ChevronRight className={css.chevron} size={14} aria-hidden />
        {t('upgrades.changed', { come: come.length, gone: gone.length })}{' '}
        <span className={css.dim}>
          <Age ahead={0} at={since} suffix={t('upgrades.ago')} />
        </span>
      </summary>
      <ul className={css.evidence}>
        {come.map((text) => (
          <li key={`+${text}`}>
            <ins>{t('upgrades.come')}</ins> {legible(text)}
          </li>
        ))}
        {gone.map((text) => (
          <li key={`-${text}`}>
            <del>{t('upgrades.gone')}</del> {legible(text)}
          </li>
        ))}
      </ul>
    </details>
  );
}
