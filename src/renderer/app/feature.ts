import type { LucideIcon } from 'lucide-react';
import type { ComponentType, LazyExoticComponent } from 'react';
import type { Cluster } from '../../core/cluster/fleet/contract.ts';
import type { ObjectRef } from '../../core/cluster/resources/contract.ts';
import type { MenuAction } from '../ui/index.ts';

/** A page behind an address. Its parts are the pattern's `:names`, decoded. */
export interface PageProps {
  parts: Readonly<Record<string, string>>;
}

export interface Route {
  /** `/clusters/:id`, see `matchPath`. */
  pattern: string;
  /** Loaded when it is first opened: `lazy(async () => ({ default: (await import('./Page.tsx')).Page }))`. */
  page: ComponentType<PageProps> | LazyExoticComponent<ComponentType<PageProps>>;
}

/** A place in the left rail. */
export interface Chapter {
  /** Key of its text. */
  title: string;
  icon: LucideIcon;
  /** Where it leads. */
  path: string;
  /** At the rail's foot. */
  foot?: boolean;
  /** The list beside the rail while one of its pages is open. */
  Sections?: ComponentType;
}

/** What a folder of `features/` gives to the frame. */
export interface Feature {
  id: string;
  chapter?: Chapter;
  routes: readonly Route[];
  /** Mounted for the window's life, draws nothing: registers the feature's commands, for example. */
  Presence?: ComponentType;
  /** What opens over a name, by the first word of its `data-card`: see `app/cards/CardLayer.tsx`. */
  cards?: Readonly<Record<string, ComponentType<{ subject: string }>>>;
  /** Where an object is shown: what the palette opens. */
  objectAddress?(object: ObjectRef): string;
  /** What can be done with an object: the palette's Tab shows it. */
  objectActions?(object: ObjectRef, cluster: Cluster | undefined): MenuAction[];
}
