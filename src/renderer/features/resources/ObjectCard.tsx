import { useClusters } from '../../app/scope.ts';
import { Age, ClockSkewContext, Dot, legible, Skeleton, StatusMark, ToneShape, t, useDelayed } from '../../ui/index.ts';
import { readRef } from './address.ts';
import { readBricks } from './bricks.ts';
import { CellView, shownTone } from './CellView.tsx';
import css from './card.module.css';
import { inWords } from './columnTexts.ts';
import { useObjectRow } from './detail/useObject.ts';
import { kindTitle, useKinds } from './kinds.ts';

/** Said in the card's head. */
const inHead = new Set(['name', 'namespace', 'cluster', 'status', 'created', 'reason']);
const mostFacts = 6;

/** An object in short: how it is and since when, where it is, and what its list would show of it. */
export function ObjectCard({ subject }: { subject: string }) {
  const object = readRef(subject);
  return object === null ? null : <Known object={object} />;
}

function Known({ object }: { object: NonNullable<ReturnType<typeof readRef>> }) {
  const row = useObjectRow(object);
  const kinds = useKinds();
  const cluster = useClusters().byId.get(object.cluster);
  const waiting = useDelayed(row.row === undefined && !row.missing);
  const custom = kinds.byId.get(object.kind)?.custom ?? false;
  const found = row.row;
  const tone = found === undefined ? 'unknown' : shownTone(found.tone, object.kind);
  const created = row.value('created');
  const reason = row.value('reason');
  const facts = row.columns.filter(
    (column) =>
      column.priority === 0 && !inHead.has(column.id) && ![null, undefined, ''].includes(row.value(column.id) as never),
  );
  return (
    <ClockSkewContext value={cluster?.clockSkewMs ?? 0}>
      <div className={css.body}>
        <p className={css.head}>
          <span className={css.dim}>{kindTitle(kinds, object.kind)}</span>
          {typeof created === 'number' && created > 0 && (
            <span className={css.dim}>
              <Age at={created} />
            </span>
          )}
        </p>
        <p className={css.name}>{object.name}</p>
        <p className={css.place}>
          {found !== undefined && <StatusMark tone={tone}>{String(row.value('status') ?? '') || undefined}</StatusMark>}
          {object.namespace !== '' && <span>{object.namespace}</span>}
          <span className={css.cluster}>
            <Dot color={cluster?.color ?? 'slate'} />
            {cluster?.name ?? object.cluster}
          </span>
        </p>
        {typeof reason === 'string' && reason !== '' && <p className={css.reason}>{legible(reason)}</p>}
        {found === undefined && row.missing && <p className={css.dim}>{t('resources.card.missing')}</p>}
        {found === undefined && row.scope?.reason !== undefined && (
          <p className={css.dim}>{legible(row.scope.reason)}</p>
        )}
        {found === undefined && waiting && row.scope?.reason === undefined && (
          <p className={css.bones}>
            <Skeleton width={160} />
            <Skeleton width={220} />
          </p>
        )}
        {found !== undefined && facts.length > 0 && (
          <dl className={css.facts}>
            {facts.slice(0, mostFacts).map((column) => (
              <div key={column.id}>
                <dt>{inWords(column, object.kind, custom).title}</dt>
                <dd>
                  <CellView
                    row={found}
                    column={column}
                    value={row.value(column.id)}
                    scene={{
                      kind: object.kind,
                      kinds: kinds.rows,
                      cluster: () => ({ name: cluster?.name ?? object.cluster, color: cluster?.color ?? 'slate' }),
                      value: (_, id) => row.value(id),
                      onLabel: () => undefined,
                      onNamespace: () => undefined,
                    }}
                  />
                </dd>
              </div>
            ))}
          </dl>
        )}
      </div>
    </ClockSkewContext>
  );
}

/** A pod's containers, each with its state: what the bricks of a list stand for. */
export function ContainersCard({ subject }: { subject: string }) {
  return (
    <ul className={css.containers}>
      {readBricks(subject).map((brick) => (
        <li key={`${brick.role} ${brick.name}`}>
          <ToneShape tone={brick.tone} />
          <code>{brick.name}</code>
          <span className={css.dim}>
            {brick.role === 'container' ? brick.word : `${brick.word} · ${t(`resources.card.role.${brick.role}`)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
