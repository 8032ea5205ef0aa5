import { useMemo } from 'react';
import type { ObjectRef } from '../../../../core/cluster/resources/contract.ts';
import { useObjectActions } from '../../../app/objectActions.ts';
import { useLive } from '../../../client/index.ts';
import { Button, EmptyState, ErrorState, Name, Skeleton, StatusMark, Strip, t, useDelayed } from '../../../ui/index.ts';
import { sameObject } from '../address.ts';
import { type Kinds, kindTitle } from '../kinds.ts';
import { ObjectLink } from '../objectLinks.tsx';
import css from './detail.module.css';
import { type RelationNode, relationTree, relationWord } from './relations.ts';

export function useRelations(object: ObjectRef) {
  const input = useMemo(
    () => ({
      object: { cluster: object.cluster, kind: object.kind, namespace: object.namespace, name: object.name },
    }),
    [object.cluster, object.kind, object.namespace, object.name],
  );
  const live = useLive((client) => client.resources.relations, input);
  // While another object's relations are on their way, those of the one before are not this one's.
  return live.state === 'waiting' ? { ...live, head: undefined, rows: noRows } : live;
}

const noRows: readonly never[] = [];

export function RelationsTab({ object, kinds }: { object: ObjectRef; kinds: Kinds }) {
  const { head, rows, error, retry } = useRelations(object);
  const tree = useMemo(() => relationTree(rows), [rows]);
  const actionsOf = useObjectActions();
  const picture = actionsOf([object])
    .flatMap(({ actions }) => actions)
    .find(({ id }) => id === 'topology.show');
  const waiting = useDelayed(head === undefined && error === undefined);
  if (error !== undefined) {
    return (
      <ErrorState compact title={t('resources.relationsTab.theRelationsCouldNotBe')} error={error} onRetry={retry} />
    );
  }
  if (head === undefined) {
    return waiting ? (
      <div className={css.pad}>
        {[40, 55, 48].map((width) => (
          <p key={width} className={css.bone}>
            <Skeleton width={`${width}%`} />
          </p>
        ))}
      </div>
    ) : null;
  }
  return (
    <div>
      {picture !== undefined && (
        <Button
          size="s"
          variant="quiet"
          {...(picture.icon !== undefined && { icon: picture.icon })}
          onClick={picture.perform}
        >
          {picture.label}
        </Button>
      )}
      {!head.complete && (
        <Strip tone="warning">
          {t('resources.relationsTab.notEverythingCouldBeLooked')}
          {head.problems.length > 0 && <span className={css.dim}> {head.problems.join(' · ')}</span>}
        </Strip>
      )}
      {rows.length <= 1 ? (
        <EmptyState compact title={t('resources.relationsTab.nothingIsRelated')}>
          {t('resources.relationsTab.nothingOwnsIsOwnedBy')}
          {head.complete ? '' : t('resources.relationsTab.asFarAsCouldBe')}.
        </EmptyState>
      ) : (
        <ul className={css.tree} aria-label={t('resources.relationsTab.relations')}>
          {tree.map((node) => (
            <TreeNode key={node.relation.key} node={node} object={object} kinds={kinds} />
          ))}
        </ul>
      )}
    </div>
  );
}

function TreeNode({ node, object, kinds }: { node: RelationNode; object: ObjectRef; kinds: Kinds }) {
  const { relation } = node;
  const self = relation.relation === 'self' || sameObject(relation.object, object);
  return (
    <li>
      <div className={css.treeRow} data-self={self ? '' : undefined}>
        <span className={css.treeKind}>{kindTitle(kinds, relation.object.kind)}</span>
        {self ? <Name>{relation.object.name}</Name> : <ObjectLink object={relation.object} />}
        {relation.status !== '' && <StatusMark tone={relation.tone}>{relation.status}</StatusMark>}
        {relationWord(relation.relation) !== '' && (
          <span className={css.treeWord}>{relationWord(relation.relation)}</span>
        )}
      </div>
      {node.children.length > 0 && (
        <ul>
          {node.children.map((child) => (
            <TreeNode key={child.relation.key} node={child} object={object} kinds={kinds} />
          ))}
        </ul>
      )}
    </li>
  );
}
