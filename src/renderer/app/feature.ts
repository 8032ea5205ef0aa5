import type { LucideIcon } from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
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
  page: ComponentType<PageProps> | LazyExoticComponent<ComponentType<PageProps>>;
  /** Begins to load the page's code, once; for who knows that it will be opened. */
  load?(): Promise<unknown>;
}

/** The page of a route whose code is loaded when it is first opened: `lazyPage(async () => (await import(…)).Page)`. */
export function lazyPage(read: () => Promise<ComponentType<PageProps>>): Pick<Route, 'page' | 'load'> {
  return { page: lazy(async () => ({ default: await read() })), load: read };
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

/** What a panel of the dock is told. */
export interface DockPanelProps {
  /** The tab's id. */
  tab: string;
  /** What is shown, as the tab was opened with it. */
  subject: string;
  /** It is on the screen now: one that is not stays mounted, and rests. */
  visible: boolean;
}

/** A kind of tab in the dock. */
export interface DockPanel {
  icon: LucideIcon;
  /** The tab's text, until the panel calls it otherwise. */
  title(subject: string): string;
  Panel: ComponentType<DockPanelProps> | LazyExoticComponent<ComponentType<DockPanelProps>>;
}

/** What a folder of `features/` gives to the frame. */
export interface Feature {
  id: string;
  chapter?: Chapter;
  /** Id of the feature in whose chapter its pages are, where it has none of its own. */
  within?: string;
  routes: readonly Route[];
  /** Mounted for the window's life, draws nothing: registers the feature's commands, for example. */
  Presence?: ComponentType;
  /** What opens over a name, by the first word of its `data-card`: see `app/cards/CardLayer.tsx`. */
  cards?: Readonly<Record<string, ComponentType<{ subject: string }>>>;
  /** Where an object is shown: what the palette opens. */
  objectAddress?(object: ObjectRef): string;
  /** An object beside what another feature shows; `show` and `tab` of the address say which one. */
  ObjectDrawer?: ComponentType<{ show: string; tab: string | undefined; onClose(): void }>;
  /** An object as `show` has it. */
  writeObject?(object: ObjectRef): string;
  /**
   * What can be done with an object, or with several at once: menus, keys and the palette's Tab show it. Ids are unique
   * over all features; what may not be done is disabled and says why.
   */
  objectActions?(objects: readonly ObjectRef[], clusterOf: (id: string) => Cluster | undefined): MenuAction[];
  /** What can be done with a cluster beyond what the fleet itself offers: its menus show it. */
  clusterActions?(cluster: Cluster): MenuAction[];
  /** What it shows in the dock, by kind of tab: see `app/dock`. */
  dock?: Readonly<Record<string, DockPanel>>;
}
