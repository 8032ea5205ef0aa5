import { ChevronRight } from 'lucide-react';
import type { Evidence, Finding, Source } from '../../../core/cluster/upgrades/contract.ts';
import { href } from '../../app/router.ts';
import { legible, StatusMark, t } from '../../ui/index.ts';
import { objectPath, severityTones } from './model.ts';
import css from './upgrades.module.css';

/** Findings, each with why it matters, what to do, and what it stands on. */
export function Findings({ findings, open = false }: { findings: readonly Finding[]; open?: boolean }) {
  return (
    <ul className={css.findings}>
      {findings.map((finding) => (
        <li key={finding.key}>
          <FindingLine finding={finding} open={open} />
        </li>
      ))}
    </ul>
  );
}

function FindingLine({ finding, open }: { finding: Finding; open: boolean }) {
  const { severity, title, why, action, evidence, more, source } = finding;
  const count = evidence.length + more;
  return (
    <details className={css.finding} open={open}>
      <summary>
        <ChevronRight className={css.chevron} size={14} aria-hidden />
        <StatusMark tone={severityTones[severity]}>{t(`upgrades.severity.${severity}`)}</StatusMark>
        <span className={css.findingTitle}>{legible(title)}</span>
        {count > 0 && <span className={css.dim}>{count}</span>}
      </summary>
      <div className={css.findingBody}>
        <p>{legible(why)}</p>
        <p>
          <strong>{t('upgrades.todo')}</strong> {legible(action)}
        </p>
        <EvidenceList evidence={evidence} more={more} />
        {source !== undefined && <SourceLine source={source} />}
      </div>
    </details>
  );
}

export function EvidenceList({ evidence, more }: { evidence: readonly Evidence[]; more: number }) {
  if (evidence.length === 0) return null;
  return (
    <ul className={css.evidence}>
      {evidence.map(({ object, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two pieces may read the same, and none moves
        <li key={index}>
          {object !== undefined && (
            <a className={css.link} href={href(objectPath(object))}>
              <span className={css.dim}>{object.kind.split('.')[0]}</span>{' '}
              {legible([object.namespace, object.name].filter(Boolean).join('/'))}
            </a>
          )}{' '}
          <span className={css.evidenceText}>{legible(text)}</span>
        </li>
      ))}
      {more > 0 && <li className={css.dim}>{t('upgrades.more', { count: more })}</li>}
    </ul>
  );
}

export function SourceLine({ source: { title, url, date } }: { source: Source }) {
  return (
    <p className={css.dim}>
      {t('upgrades.source')}{' '}
      <a className={css.link} href={url} target="_blank" rel="noreferrer">
        {title}
      </a>
      , {date}
    </p>
  );
}
