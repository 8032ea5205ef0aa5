import type { ListHead, Row } from '../../../core/cluster/resources/contract.ts';
import { Button, formatCount, t } from '../../ui/index.ts';
import { markedCount, type Selection } from '../../ui/table/selection.ts';
import { nameFew } from './ListStates.tsx';
import css from './resources.module.css';

/** What the list covers, in one line. */
export function ListFooter(props: {
  title: string;
  head: ListHead | undefined;
  selection: Selection<Row>;
  onUnmark(): void;
  onCopy(): void;
  clusterName(id: string): string;
  namespaces: readonly string[] | undefined;
  updating: boolean;
}) {
  const { head, selection, namespaces } = props;
  if (head === undefined) return <footer className={css.footer} />;
  if (head.total === 0 && !head.scopes.some((scope) => scope.state === 'live'))
    return <footer className={css.footer} />;
  const marked = markedCount(selection, head.matched);
  const served = head.scopes.filter((scope) => scope.state !== 'absent');
  const where =
    served.length === 1 && served[0] !== undefined
      ? props.clusterName(served[0].cluster)
      : t('resources.listFooter.clusters', { count: served.length });
  const listing = head.scopes.filter((scope) => scope.state === 'listing');
  return (
    <footer className={css.footer}>
      <span>
        {head.matched === head.total ? (
          <b>{formatCount(head.total)}</b>
        ) : (
          <>
            <b>{formatCount(head.matched)}</b> {t('resources.listFooter.of')} {formatCount(head.total)}
          </>
        )}{' '}
        {props.title.toLowerCase()}
      </span>
      <span className={css.dim} title={served.map((scope) => props.clusterName(scope.cluster)).join('\n')}>
        {t('resources.listFooter.in')} {where}
        {namespaces !== undefined &&
          t('resources.listFooter.namespaces', { count: namespaces.length, names: nameFew(namespaces, 2) })}
      </span>
      {listing.length > 0 && (
        <span className={css.dim}>
          {t('resources.listFooter.stillReading')}{' '}
          {nameFew(
            listing.map((each) => props.clusterName(each.cluster)),
            2,
          )}
          …
        </span>
      )}
      {props.updating && <span className={css.dim}>{t('resources.listFooter.updating')}</span>}
      <span className={css.grow} />
      {marked > 0 && (
        <>
          <span>
            <b>{formatCount(marked)}</b> {t('resources.listFooter.marked')}
          </span>
          <Button size="s" variant="quiet" onClick={props.onCopy}>
            {t('resources.listFooter.copy')}
          </Button>
          <Button size="s" variant="quiet" onClick={props.onUnmark}>
            {t('resources.listFooter.unmark')}
          </Button>
        </>
      )}
    </footer>
  );
}
