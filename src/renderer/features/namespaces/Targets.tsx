import type { NamespacePreview } from '../../../core/cluster/namespaces/contract.ts';
import { useClusters } from '../../app/scope.ts';
import {
  ChangeTable,
  Dot,
  ErrorState,
  Field,
  formatCount,
  legible,
  Skeleton,
  StatusMark,
  TextInput,
  type Tone,
  t,
} from '../../ui/index.ts';
import css from './namespaces.module.css';
import type { OperationState } from './useOperation.ts';

const tones: Record<NamespacePreview['objects'][number]['change'], Tone> = {
  added: 'healthy',
  changed: 'progressing',
  same: 'stopped',
  removed: 'failed',
};

/** What an operation would do, cluster by cluster, and what it asks for before it may run. */
export function Targets({ state }: { state: OperationState }) {
  const { preview, shown, confirmation, typed, setTyped, running } = state;
  return (
    <>
      <section className={css.preview} aria-label={t('namespaces.whatChanges')} aria-busy={preview.loading}>
        <h3 className={css.sub}>{t('namespaces.whatChanges')}</h3>
        {shown === undefined && preview.error === undefined && <Skeleton width="52%" />}
        {preview.error !== undefined && (
          <ErrorState compact title={t('namespaces.previewFailed')} error={preview.error} onRetry={preview.reload} />
        )}
        {shown?.targets.map((target) => (
          <Target key={`${target.cluster}/${target.namespace}`} target={target} alone={shown.targets.length === 1} />
        ))}
      </section>
      {confirmation?.level === 'type' && (
        <Field label={t('namespaces.typeName', { name: confirmation.text })} hint={confirmation.reasons.join(' ')}>
          <TextInput value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      )}
      {confirmation?.level === 'confirm' && <p className={css.warning}>{confirmation.reasons.join(' ')}</p>}
      {running.error !== undefined && (
        <p className={css.error} role="alert">
          {running.error.message} {running.error.hint}
        </p>
      )}
    </>
  );
}

function Target({ target, alone }: { target: NamespacePreview; alone: boolean }) {
  const { byId } = useClusters();
  const { error, hint, notes, objects, contents } = target;
  return (
    <div className={css.target}>
      {!alone && (
        <h4 className={css.cluster}>
          <Dot color={byId.get(target.cluster)?.color ?? ''} />
          {legible(target.clusterName)} <span className={css.dim}>{legible(target.namespace)}</span>
        </h4>
      )}
      {error !== undefined && (
        <p className={css.error} role="alert">
          {legible(error)} {hint}
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className={css.note}>
          {note}
        </p>
      ))}
      {contents.length > 0 && <ContentsTable contents={contents} />}
      {objects.map((object) => (
        <details
          key={object.title}
          open={object.change === 'changed' || object.error !== undefined}
          className={css.object}
        >
          <summary>
            <StatusMark tone={object.error === undefined ? tones[object.change] : 'failed'}>
              {t(object.error === undefined ? `namespaces.change.${object.change}` : 'namespaces.change.refused')}
            </StatusMark>{' '}
            <code>{legible(object.title)}</code>
            {object.unchecked !== undefined && <span className={css.dim}>{t('namespaces.unchecked')}</span>}
          </summary>
          {object.error !== undefined && (
            <p className={css.error} role="alert">
              {legible(object.error)} {object.hint}
            </p>
          )}
          {object.unchecked !== undefined && <p className={css.dim}>{legible(object.unchecked)}</p>}
          <ChangeTable changes={object.changes} />
          {object.yaml !== '' && <pre className={css.code}>{legible(object.yaml)}</pre>}
        </details>
      ))}
    </div>
  );
}

/** What is in a namespace, by kind. */
export function ContentsTable({ contents }: { contents: NamespacePreview['contents'] }) {
  return (
    <table className={css.contents}>
      <tbody>
        {contents.map(({ kind, kindName, count, names }) => (
          <tr key={kind}>
            <td className={css.number}>{formatCount(count)}</td>
            <th scope="row">{kindName}</th>
            <td className={css.dim}>
              {names.map(legible).join(', ')}
              {count > names.length && '…'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
