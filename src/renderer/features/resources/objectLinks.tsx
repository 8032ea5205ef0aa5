import { createContext, type MouseEvent, type ReactNode, useContext } from 'react';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';
import { href, navigate } from '../../app/router.ts';
import { Name } from '../../ui/index.ts';
import { objectPath } from './address.ts';
import css from './resources.module.css';

/** Where an object opens when its name is clicked: in a list's drawer, or as a page where there is none. */
export const OpenObjectContext = createContext<(object: ObjectRef) => void>((object) => navigate(objectPath(object)));

/** An object's name. Always a real link, so that it can be opened elsewhere and copied. */
export function ObjectLink(props: { object: ObjectRef; children?: ReactNode; inGrid?: boolean; className?: string }) {
  const open = useContext(OpenObjectContext);
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
      href={href(objectPath(props.object))}
      onClick={onClick}
      {...(props.inGrid && { tabIndex: -1, draggable: false })}
    >
      {props.children ?? <Name>{props.object.name}</Name>}
    </a>
  );
}
