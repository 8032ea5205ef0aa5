import { Bookmark, WrapText } from 'lucide-react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { Button, Dot, IconButton, Kbd, Segments, Select, TextInput, t } from '../../ui/index.ts';
import css from './manifests.module.css';
import type { useReview } from './useReview.ts';

export type EditView = 'yaml' | 'form';

/** Where the text goes, how it is shown, and the way to the review and through it. */
export function EditBar(props: {
  object: ObjectRef | undefined;
  clusters: readonly Cluster[];
  cluster: Cluster | undefined;
  namespace: string;
  view: EditView;
  wrap: boolean;
  dirty: boolean;
  /** Several objects are in the text. */
  many: boolean;
  review: ReturnType<typeof useReview>;
  onTarget(change: { cluster?: string; namespace?: string }): void;
  onView(view: EditView): void;
  onWrap(wrap: boolean): void;
  onRevert(): void;
  onTree(): void;
  onKeep(): void;
}) {
  const { object, cluster, review, dirty, wrap } = props;
  const { shown, confirmation } = review;
  return (
    <div className={css.bar}>
      {object === undefined ? (
        <>
          <Select
            aria-label={t('manifests.cluster')}
            className={css.cluster}
            value={cluster?.key ?? ''}
            options={props.clusters.map(({ key, name }) => ({ value: key, label: name }))}
            onChange={(next) => props.onTarget({ cluster: next })}
          />
          <TextInput
            aria-label={t('manifests.namespace')}
            className={css.namespace}
            value={props.namespace}
            onChange={(event) => props.onTarget({ namespace: event.target.value })}
          />
        </>
      ) : (
        <span className={css.target}>
          {cluster !== undefined && <Dot color={cluster.color} />}
          <span className={css.dim}>{cluster?.name ?? object.cluster}</span>
          <span className={css.dim}>{object.namespace}</span>
          <strong>{object.name}</strong>
        </span>
      )}
      <span className={css.grow} />
      {shown && confirmation?.level === 'type' && (
        <TextInput
          aria-label={t('manifests.typeName', { name: confirmation.text })}
          placeholder={t('manifests.typeName', { name: confirmation.text })}
          className={css.confirm}
          value={review.confirmed}
          onChange={(event) => review.setConfirmed(event.target.value)}
        />
      )}
      {!shown && (
        <Segments
          label={t('manifests.form.as')}
          value={props.view}
          options={[
            { value: 'yaml', label: t('manifests.form.yaml') },
            { value: 'form', label: t('manifests.form.form') },
          ]}
          onChange={props.onView}
        />
      )}
      {!shown && object === undefined && (
        <IconButton size="s" icon={Bookmark} label={t('manifests.own.save')} disabled={!dirty} onClick={props.onKeep} />
      )}
      <IconButton
        size="s"
        icon={WrapText}
        label={t('manifests.wrap')}
        pressed={wrap}
        onClick={() => props.onWrap(!wrap)}
      />
      {object !== undefined && !shown && (
        <Button size="s" variant="quiet" disabled={!dirty} onClick={props.onRevert}>
          {t('manifests.revert')}
        </Button>
      )}
      {object === undefined && !shown && props.many && (
        <Button size="s" onClick={props.onTree}>
          {t('manifests.folder.asTree')}
        </Button>
      )}
      {shown ? (
        <>
          <Button size="s" onClick={review.back}>
            {t('manifests.back')}
          </Button>
          <Button
            size="s"
            variant="primary"
            disabled={!review.mayApply}
            busy={review.busy || review.running}
            onClick={review.apply}
          >
            {t(review.running ? 'manifests.applying' : 'manifests.apply')}
            <Kbd keys="Mod+S" />
          </Button>
        </>
      ) : (
        <Button
          size="s"
          variant="primary"
          disabled={!dirty || cluster === undefined}
          busy={review.busy}
          onClick={review.preview}
        >
          {t('manifests.look')}
          <Kbd keys="Mod+S" />
        </Button>
      )}
    </div>
  );
}
