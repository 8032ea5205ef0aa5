import { createContext, type MouseEvent, type ReactNode, useContext } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { cardOf } from '../../app/cards/model.ts';
import { href, navigate, pathOf } from '../../app/router.ts';
import { Dot, Name } from '../../ui/index.ts';
import { objectPath, objectPathOf, writeRef } from './address.ts';
import css from './resources.module.css';

/** Where an object opens when its name is clicked: in a list's drawer, or as a page where there is none. */
export const OpenObjectContext = createContext<(object: ObjectRef) => void>((object) => navigate(objectPath(object)));

/** An object's name. Always a real link, so that it can be opened elsewhere and copied. */
export function ObjectLink(props: {
  object: ObjectRef;
  children?: ReactNode;
  inGrid?: boolean;
  /** It stands in its own row, which says as much as a card would: the card comes by key alone. */
  own?: boolean;
  className?: string;
}) {
  const open = useContext(OpenObjectContext);
  const ref = writeRef(props.object);
  const onClick = (event: MouseEvent) => {
    // Modified clicks belong to the browser (new window), and inside a grid to its marks.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) {
      if (props.inGrid) event.preventDefault();
      return;
    }
    event.preventDefault();
    open(props.object);
  };
  return (
    <a
      className={props.className ?? css.objectLink}
      href={href(objectPathOf(ref))}
      data-card={cardOf('object', ref)}
      data-card-by={props.own ? 'key' : undefined}
      onClick={onClick}
      {...(props.inGrid && { tabIndex: -1, draggable: false })}
    >
      {props.children ?? <Name quiet={props.own !== true}>{props.object.name}</Name>}
    </a>
  );
}

/** The cluster that something is in. */
export function ClusterLink({ id, cluster }: { id: string; cluster: Cluster | undefined }) {
  return (
    <a
      className={css.clusterLink}
      href={href(pathOf('/clusters/:cluster', { cluster: id }))}
      data-card={cardOf('cluster', id)}
    >
      <Dot color={cluster?.color ?? 'slate'} />
      {cluster?.name ?? id}
    </a>
  );
}
