import { ArrowDown } from 'lucide-react';
import { Fragment, memo } from 'react';
import type { Application, By, Placement } from '../../../core/cluster/portfolio/contract.ts';
import { href } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { Dot, legible, Name, ToneShape, t } from '../../ui/index.ts';
import {
  applicationPath,
  type Cell,
  type Columning,
  cellsOf,
  columnKey,
  type Group,
  type MatrixColumn,
} from './model.ts';
import css from './portfolio.module.css';

/** Versions that a cell tells; the others are counted. */
const mostCells = 4;

/** Applications as rows, places as columns; the first column and the head stay in sight. */
export function Matrix(props: {
  groups: readonly Group[];
  columns: readonly MatrixColumn[];
  by: By;
  columning: Columning;
}) {
  const { groups, columns, by, columning } = props;
  const { byId } = useClusters();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={css.matrix} aria-label={t('portfolio.matrix')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col" className={css.corner}>
              {t('portfolio.application')}
            </th>
            {columns.map(({ key, cluster, clusterName, namespace }) => (
              <th key={key} scope="col">
                <span className={css.cluster} title={legible(clusterName)}>
                  <Dot color={byId.get(cluster)?.color ?? ''} />
                  <span className={css.clip}>{legible(clusterName)}</span>
                </span>
                {namespace !== '' && <span className={css.space}>{legible(namespace)}</span>}
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => (
          <tbody key={group.name}>
            {groups.length > 1 && (
              <tr className={css.group}>
                <th scope="rowgroup" colSpan={columns.length + 1}>
                  <span className={css.groupName}>
                    {group.name === '' ? t('portfolio.noGroup') : legible(group.name)}{' '}
                    <span className={css.dim}>{group.rows.length}</span>
                  </span>
                </th>
              </tr>
            )}
            {group.rows.map((row) => (
              <Line key={row.key} row={row} columns={columns} by={by} columning={columning} />
            ))}
          </tbody>
        ))}
      </table>
    </section>
  );
}

/** Rows that say the same are not drawn again. */
const Line = memo(function Line(props: {
  row: Application;
  columns: readonly MatrixColumn[];
  by: By;
  columning: Columning;
}) {
  const { row, columns, by, columning } = props;
  const places = new Map<string, Placement[]>();
  for (const placement of row.placements) {
    const key = columnKey(placement, columning);
    places.set(key, [...(places.get(key) ?? []), placement]);
  }
  const about = [row.owner, row.partOf].filter((word) => word !== '' && word !== row.key).map(legible);
  return (
    <tr>
      <th scope="row" className={css.name}>
        <a className={css.link} href={href(applicationPath(row.key, by))}>
          <ToneShape tone={row.tone} />
          <span className="hidden-text">{t(`ui.tone.${row.tone}`)}</span>
          <Name>{row.key}</Name>
        </a>
        <span className={css.about}>
          {about.join(' · ')}
          {about.length > 0 && row.versions.length > 1 && ' · '}
          {row.versions.length > 1 && (
            <span className={css.differs}>{t('portfolio.differs', { count: row.versions.length })}</span>
          )}
        </span>
      </th>
      {columns.map(({ key }) => (
        <td key={key}>
          <Versions cells={cellsOf(places.get(key) ?? [])} newest={row.versions[0]?.version ?? ''} />
        </td>
      ))}
    </tr>
  );
});

function Versions({ cells, newest }: { cells: readonly Cell[]; newest: string }) {
  if (cells.length === 0) return <span className={css.none}>{t('portfolio.notHere')}</span>;
  return (
    <>
      {cells.slice(0, mostCells).map((cell) => (
        <Fragment key={cell.version}>
          <span className={css.cell} title={titleOf(cell)}>
            <ToneShape tone={cell.tone} />
            <span className="hidden-text">{t(`ui.tone.${cell.tone}`)}</span>
            <span className={css.version} data-behind={cell.behind}>
              {cell.version === '' ? t('portfolio.noVersion') : legible(cell.version)}
            </span>
            {cell.behind && (
              <>
                <ArrowDown size={11} aria-hidden className={css.behind} />
                <span className="hidden-text">{t('portfolio.behind', { newest })}</span>
              </>
            )}
            {cell.count > 1 && <span className={css.dim}>×{cell.count}</span>}
          </span>
        </Fragment>
      ))}
      {cells.length > mostCells && (
        <span className={css.dim}>{t('portfolio.more', { count: cells.length - mostCells })}</span>
      )}
    </>
  );
}

function titleOf({ placements }: Cell): string {
  return placements
    .slice(0, 12)
    .map(({ namespace, instance, status, ready, wanted, delivered }) =>
      [
        instance === '' ? namespace : `${namespace}/${instance}`,
        status,
        wanted > 0 ? `${ready}/${wanted}` : '',
        ...delivered.map(({ tool, name, status: word }) => `${tool} ${name} ${word}`),
      ]
        .filter(Boolean)
        .map(legible)
        .join(' · '),
    )
    .join('\n');
}
