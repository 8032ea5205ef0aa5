import type { ListHead, ScopeState } from '../../../core/cluster/resources/contract.ts';
import { ChipButton, Popover, ToneShape, t } from '../../ui/index.ts';
import css from './resources.module.css';
import { listNotices, type Notice } from './scopes.ts';

export interface CoverageProps {
  head: ListHead;
  /** Plural, as in the title: `Pods`. */
  title: string;
  clusterName(id: string): string;
}

/**
 * What the list leaves out because this user may not see it. It is so every day, so it does not stand in the way: a chip
 * at the end of the line, with the clusters and the server's words behind it.
 */
export function Coverage(props: CoverageProps) {
  return listNotices(props.head)
    .filter((notice) => notice.kind === 'limited' || notice.kind === 'forbidden')
    .map((notice) => <CoverageChip key={notice.kind} {...props} notice={notice} />);
}

function CoverageChip({ notice, title, clusterName }: CoverageProps & { notice: Notice }) {
  const tone = notice.kind === 'forbidden' ? 'warning' : 'unknown';
  const words = (scope: ScopeState) =>
    notice.kind === 'limited'
      ? t('resources.coverage.only', { namespaces: (scope.namespaces ?? []).join(', ') })
      : (scope.reason ?? t('resources.coverage.forbidden', { kinds: title.toLowerCase() }));
  return (
    <Popover
      align="end"
      label={t(`resources.coverage.${notice.kind}About`, { kinds: title.toLowerCase() })}
      trigger={
        <ChipButton
          className={css.coverageChip}
          title={notice.scopes.map((scope) => `${clusterName(scope.cluster)}: ${words(scope)}`).join('\n')}
        >
          <ToneShape tone={tone} size={9} />
          {t(`resources.coverage.${notice.kind}`, { count: notice.scopes.length })}
        </ChipButton>
      }
    >
      <div className={css.coverage}>
        <p>{t(`resources.coverage.${notice.kind}About`, { kinds: title.toLowerCase() })}</p>
        <ul>
          {notice.scopes.map((scope) => (
            <li key={scope.cluster}>
              <b>{clusterName(scope.cluster)}</b>
              <span className={css.quiet}>{words(scope)}</span>
            </li>
          ))}
        </ul>
      </div>
    </Popover>
  );
}
