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
  const toggle = (step: Step) =>
    void tick({ cluster: report.cluster, step: step.key, done: step.ticked === null }).catch(() => undefined);
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
          <h2 className={css.sub}>{t('upgrades.hop', { from: minorText(to - 1), to: minorText(to) })}</h2>
          {(['before', 'controlPlane', 'nodes', 'after'] as const).map((phase) => (
            <div key={phase} className={css.phase}>
              <h3 className={css.phaseName}>{t(`upgrades.phase.${phase}`)}</h3>
              <ol className={css.steps}>
                {report.steps
                  .filter((step) => step.to === to && step.phase === phase)
                  .map((step) => (
                    <StepLine key={step.key} step={step} byKey={byKey} onToggle={() => toggle(step)} />
                  ))}
              </ol>
            </div>
          ))}
        </section>
      ))}
    </div>
  );
}

function StepLine(props: { step: Step; byKey: ReadonlyMap<string, Finding>; onToggle(): void }) {
  const { step, byKey, onToggle } = props;
  const findings = step.findings.flatMap((key) => byKey.get(key) ?? []);
  return (
    <li className={css.step} data-done={step.ticked !== null}>
      <label className={css.stepHead}>
        <input type="checkbox" checked={step.ticked !== null} onChange={onToggle} />
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
      {findings.length > 0 && step.ticked === null && (
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
