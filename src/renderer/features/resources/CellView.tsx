import type { ReactNode } from 'react';
import type { Cell, ColumnInfo, KindRow, Row } from '../../../core/cluster/resources/contract.ts';
import { cardOf } from '../../app/cards/model.ts';
import { Age, Dot, legible, StatusMark, t } from '../../ui/index.ts';
import { readBricks } from './bricks.ts';
import { formatNumber, readFraction, readLabels, shortKey } from './cellText.ts';
import { findKindByName, isEvents } from './kinds.ts';
import { ObjectLink } from './objectLinks.tsx';
import css from './resources.module.css';

/** What a cell needs besides its own value. */
export interface CellScene {
  kind: string;
  kinds: readonly KindRow[];
  /** `ahead`: milliseconds by which its clock is ahead of ours. */
  cluster(id: string): { name: string; color: string; ahead?: number | undefined };
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
      return <ObjectLink inGrid own object={rowRef(row, scene.kind)} />;
    case 'cluster':
      return <ClusterMark id={row.cluster} {...scene.cluster(row.cluster)} />;
    case 'namespace':
      return row.namespace === '' ? null : (
        <button type="button" tabIndex={-1} className={css.cellButton} onClick={() => scene.onNamespace(row.namespace)}>
          {row.namespace}
        </button>
      );
    case 'status':
      return (
        <StatusCell
          tone={shownTone(row.tone, scene.kind)}
          text={String(value ?? '')}
          reason={scene.value(row, 'reason')}
        />
      );
    case 'ready':
      return <ReadyCell row={row} text={String(value ?? '')} containers={scene.value(row, 'containers')} />;
    case 'object':
      return <OwnerCell row={row} text={String(value ?? '')} kinds={scene.kinds} />;
    case 'labels':
      return <LabelChips text={String(value ?? '')} onPick={scene.onLabel} />;
    case 'containers':
      return <Bricks text={String(value ?? '')} />;
    case 'restarts':
      return (
        <RestartsCell
          count={value}
          at={scene.value(row, 'lastrestart')}
          reason={scene.value(row, 'lastreason')}
          ahead={scene.cluster(row.cluster).ahead}
        />
      );
    case 'owner':
      return <OwnerCell row={row} text={String(value ?? '')} kinds={scene.kinds} />;
    case 'node':
      return value ? (
        <ObjectLink inGrid object={{ cluster: row.cluster, kind: 'nodes', namespace: '', name: String(value) }} />
      ) : null;
  }
  if (value === undefined || value === null || value === '') return <span className={css.absent}>–</span>;
  if (column.type === 'time') return <Age at={Number(value)} ahead={scene.cluster(row.cluster).ahead} />;
  if (typeof value === 'number') {
    return <span className={value === 0 ? css.zero : undefined}>{formatNumber(value, column.unit)}</span>;
  }
  const fraction = readFraction(value);
  if (fraction !== null) return <Fraction {...fraction} calm={row.tone === 'stopped'} />;
  const text = legible(value.replaceAll('\n', ', '));
  return (
    <span className={css.ellipsis} title={text}>
      {text}
    </span>
  );
}

export function rowRef(row: Row, kind: string) {
  return { cluster: row.cluster, kind, namespace: row.namespace, name: row.name, uid: row.uid };
}

export function ClusterMark({ id, name, color }: { id: string; name: string; color: string }) {
  return (
    <span className={css.clusterMark} data-card={cardOf('cluster', id)}>
      <Dot color={color} />
      <span className={css.ellipsis}>{legible(name)}</span>
    </span>
  );
}

/** An event that is not a warning is no good news either: it is only what happened. */
export function shownTone(tone: Row['tone'], kind: string): Row['tone'] {
  return tone === 'healthy' && isEvents(kind) ? 'stopped' : tone;
}

function StatusCell({ tone, text, reason }: { tone: Row['tone']; text: string; reason: Cell | undefined }) {
  const why = typeof reason === 'string' && reason !== '' && reason !== text ? reason : undefined;
  return (
    <span className={css.statusCell} data-tone={tone} title={legible(why === undefined ? text : `${text}: ${why}`)}>
      <StatusMark tone={tone}>{text === '' ? undefined : legible(text)}</StatusMark>
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

/** What is ready of what should be; for a pod with a mark for each of its containers. */
function ReadyCell({ row, text, containers }: { row: Row; text: string; containers: Cell | undefined }) {
  const fraction = readFraction(text);
  if (fraction === null) return text === '' ? <span className={css.absent}>–</span> : text;
  const calm = row.tone === 'stopped';
  return (
    <span className={css.readyCell}>
      <Fraction {...fraction} calm={calm} />
      {/* Only pods tell the state of each; templates tell their names. */}
      {typeof containers === 'string' && /^[cis][a-z?] /u.test(containers) && <Bricks text={containers} />}
    </span>
  );
}

function RestartsCell(props: {
  count: Cell | undefined;
  at: Cell | undefined;
  reason: Cell | undefined;
  ahead: number | undefined;
}) {
  const count = typeof props.count === 'number' ? props.count : 0;
  if (count === 0) return <span className={css.zero}>0</span>;
  const at = typeof props.at === 'number' ? props.at : 0;
  const reason = typeof props.reason === 'string' ? props.reason : '';
  return (
    <span className={css.restarts} title={reason === '' ? undefined : t('resources.cellView.last', { reason })}>
      <span data-strong="">{formatNumber(count, 'count')}</span>
      {at > 0 && (
        <span className={css.dim}>
          <Age at={at} suffix={t('resources.cellView.ago')} ahead={props.ahead} />
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
  const word = text.slice(0, cut);
  return (
    <span className={css.ownerCell} title={legible(text)}>
      <span className={css.dim}>{kind === undefined ? word : shortWord(kind)}</span>
      {kind === undefined ? (
        <span className={css.ellipsis}>{legible(name)}</span>
      ) : (
        <ObjectLink
          inGrid
          object={{ cluster: row.cluster, kind: kind.id, namespace: kind.namespaced ? row.namespace : '', name }}
        />
      )}
    </span>
  );
}

/** A kind where room is short: `HPA`, `Deployment`. */
function shortWord(kind: KindRow): string {
  return kind.kind.length > 12 ? (kind.shortNames[0]?.toUpperCase() ?? kind.kind) : kind.kind;
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
    <span className={css.bricks} role="img" aria-label={words.join(', ')} data-card={cardOf('containers', text)}>
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
      <span className={css.labelKey}>{legible(shortKey(key))}</span>
      {value !== '' && <span>{legible(value)}</span>}
    </button>
  ));
}
