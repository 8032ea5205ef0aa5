import type { ReactNode } from 'react';
import type { Cell, ColumnInfo, KindRow, Row } from '../../../core/cluster/resources/contract.ts';
import { Age, Dot, StatusMark, t } from '../../ui/index.ts';
import { readBricks } from './bricks.ts';
import { formatNumber, readFraction, readLabels, shortKey } from './cellText.ts';
import { findKindByName } from './kinds.ts';
import { ObjectLink } from './objectLinks.tsx';
import css from './resources.module.css';

/** What a cell needs besides its own value. */
export interface CellScene {
  kind: string;
  kinds: readonly KindRow[];
  cluster(id: string): { name: string; color: string };
  /** Another value of the same row, by column id. */
  value(row: Row, column: string): Cell | undefined;
  onLabel(key: string, value: string): void;
  onNamespace(namespace: string): void;
}

/** One cell. Which way it is drawn follows from the column's id where that means something, else from its type. */
export function CellView(props: {
  row: Row;
  column: ColumnInfo;
  value: Cell | undefined;
  scene: CellScene;
}): ReactNode {
  const { row, column, value, scene } = props;
  switch (column.id) {
    case 'name':
      return <ObjectLink inGrid object={rowRef(row, scene.kind)} />;
    case 'cluster':
      return <ClusterMark {...scene.cluster(row.cluster)} />;
    case 'namespace':
      return row.namespace === '' ? null : (
        <button type="button" tabIndex={-1} className={css.cellButton} onClick={() => scene.onNamespace(row.namespace)}>
          {row.namespace}
        </button>
      );
    case 'status':
      return <StatusCell row={row} text={String(value ?? '')} reason={scene.value(row, 'reason')} />;
    case 'labels':
      return <LabelChips text={String(value ?? '')} onPick={scene.onLabel} />;
    case 'containers':
      return <Bricks text={String(value ?? '')} />;
    case 'restarts':
      return (
        <RestartsCell count={value} at={scene.value(row, 'lastrestart')} reason={scene.value(row, 'lastreason')} />
      );
    case 'owner':
      return <OwnerCell row={row} text={String(value ?? '')} kinds={scene.kinds} />;
    case 'node':
      return value ? (
        <ObjectLink inGrid object={{ cluster: row.cluster, kind: 'nodes', namespace: '', name: String(value) }} />
      ) : null;
  }
  if (value === undefined || value === null || value === '') return <span className={css.absent}>–</span>;
  if (column.type === 'time') return <Age at={Number(value)} />;
  if (typeof value === 'number') {
    return <span className={value === 0 ? css.zero : undefined}>{formatNumber(value, column.unit)}</span>;
  }
  const fraction = readFraction(value);
  if (fraction !== null) return <Fraction {...fraction} calm={row.tone === 'stopped'} />;
  const text = value.replaceAll('\n', ', ');
  return (
    <span className={css.ellipsis} title={text}>
      {text}
    </span>
  );
}

export function rowRef(row: Row, kind: string) {
  return { cluster: row.cluster, kind, namespace: row.namespace, name: row.name, uid: row.uid };
}

export function ClusterMark({ name, color }: { name: string; color: string }) {
  return (
    <span className={css.clusterMark} title={name}>
      <Dot color={color} />
      <span className={css.ellipsis}>{name}</span>
    </span>
  );
}

function StatusCell({ row, text, reason }: { row: Row; text: string; reason: Cell | undefined }) {
  const why = typeof reason === 'string' && reason !== '' && reason !== text ? reason : undefined;
  return (
    <span className={css.statusCell} data-tone={row.tone} title={why === undefined ? text : `${text}: ${why}`}>
      <StatusMark tone={row.tone}>{text === '' ? undefined : text}</StatusMark>
    </span>
  );
}

/** What is there of what is wanted; less than wanted stands out, none at all wanted steps back. */
export function Fraction({ part, whole, calm }: { part: number; whole: number; calm?: boolean }) {
  return (
    <span
      className={css.fraction}
      data-short={part < whole && calm !== true ? '' : undefined}
      data-none={whole === 0 ? '' : undefined}
    >
      {part}
      <span className={css.fractionWhole}>/{whole}</span>
    </span>
  );
}

function RestartsCell(props: { count: Cell | undefined; at: Cell | undefined; reason: Cell | undefined }) {
  const count = typeof props.count === 'number' ? props.count : 0;
  if (count === 0) return <span className={css.zero}>0</span>;
  const at = typeof props.at === 'number' ? props.at : 0;
  const reason = typeof props.reason === 'string' ? props.reason : '';
  return (
    <span className={css.restarts} title={reason === '' ? undefined : t('resources.cellView.last', { reason })}>
      <span data-strong="">{formatNumber(count, 'count')}</span>
      {at > 0 && (
        <span className={css.dim}>
          <Age at={at} suffix={t('resources.cellView.ago')} />
        </span>
      )}
    </span>
  );
}

function OwnerCell({ row, text, kinds }: { row: Row; text: string; kinds: readonly KindRow[] }) {
  const cut = text.indexOf('/');
  if (cut < 0) return <span className={css.absent}>–</span>;
  const kind = findKindByName(kinds, text.slice(0, cut));
  const name = text.slice(cut + 1);
  return (
    <span className={css.ownerCell}>
      <span className={css.dim}>{text.slice(0, cut)}</span>
      {kind === undefined ? (
        <span className={css.ellipsis}>{name}</span>
      ) : (
        <ObjectLink
          inGrid
          object={{ cluster: row.cluster, kind: kind.id, namespace: kind.namespaced ? row.namespace : '', name }}
        />
      )}
    </span>
  );
}

/** Container squares: role by size, state by colour and shape; in words for those who do not see them. */
export function Bricks({ text }: { text: string }) {
  const bricks = readBricks(text);
  if (bricks.length === 0) return <span className={css.absent}>–</span>;
  const shown = bricks.length > 10 ? bricks.slice(0, 9) : bricks;
  const words = bricks.map(
    (brick) => `${brick.name}: ${brick.word}${brick.role === 'container' ? '' : ` (${brick.role})`}`,
  );
  return (
    <span className={css.bricks} role="img" aria-label={words.join(', ')} title={words.join('\n')}>
      {shown.map((brick, place) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a pod's containers keep their order
          key={place}
          className={css.brick}
          data-role={brick.role}
          data-tone={brick.tone}
        />
      ))}
      {bricks.length > shown.length && <span className={css.dim}>+{bricks.length - shown.length}</span>}
    </span>
  );
}

function LabelChips({ text, onPick }: { text: string; onPick(key: string, value: string): void }) {
  return readLabels(text).map(({ key, value }) => (
    <button
      key={key}
      type="button"
      tabIndex={-1}
      className={css.label}
      title={t('resources.cellView.filterByIt', { key, value })}
      onClick={() => onPick(key, value)}
    >
      <span className={css.labelKey}>{shortKey(key)}</span>
      {value !== '' && <span>{value}</span>}
    </button>
  ));
}
