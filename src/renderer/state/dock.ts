import { create } from 'zustand';

/** A tab of the dock. Kind and subject say what it shows: the same is opened once. */
export interface DockTab {
  id: string;
  /** Which of the features' panels draws it. */
  kind: string;
  subject: string;
  /** What its panel calls it; absent: the title of its kind. */
  title?: string | undefined;
  /** It ended, or something in it asks for a look. */
  mark?: 'ended' | 'attention' | undefined;
}

interface Dock {
  tabs: readonly DockTab[];
  /** Id of the tab that is shown. */
  active: string | undefined;
  /** Id of a second one, shown at the right of the active one. */
  beside: string | undefined;
  open: boolean;
  maximized: boolean;
}

interface DockActions {
  /** Shows a tab, which is opened where there is none of that kind and subject; `again` opens another one. */
  show(kind: string, subject: string, again?: boolean): string;
  activate(id: string): void;
  /** Moves to the tab that far to the right. */
  step(by: number): void;
  /** Asks the tab's guard first, if it has one; `sure` does not. */
  close(id: string, sure?: boolean): void;
  /** What a panel says of its own tab. */
  describe(id: string, change: Pick<DockTab, 'title' | 'mark'>): void;
  setBeside(id: string | undefined): void;
  setOpen(open: boolean): void;
  setMaximized(maximized: boolean): void;
}

let opened = 0;

/** By tab: whether it may be closed. One that says no asks the user by itself, and closes with `sure`. */
const guards = new Map<string, () => boolean>();

/** Lets a panel ask before its tab is closed, until the returned function is called. */
export function guardTab(id: string, mayClose: () => boolean): () => void {
  guards.set(id, mayClose);
  return () => void guards.delete(id);
}

export const useDock = create<Dock & DockActions>((set, get) => ({
  tabs: [],
  active: undefined,
  beside: undefined,
  open: false,
  maximized: false,
  show(kind, subject, again = false) {
    const same = again ? undefined : get().tabs.find((tab) => tab.kind === kind && tab.subject === subject);
    const id = same?.id ?? `dock-${++opened}`;
    if (same === undefined) set({ tabs: [...get().tabs, { id, kind, subject }] });
    get().activate(id);
    return id;
  },
  activate(id) {
    const { active, beside } = get();
    // The one beside keeps its place: the two change sides.
    set({ active: id, open: true, ...(id === beside && { beside: active }) });
  },
  step(by) {
    const { tabs, active } = get();
    const at = tabs.findIndex(({ id }) => id === active);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next !== undefined) get().activate(next.id);
  },
  close(id, sure = false) {
    if (!sure && guards.get(id)?.() === false) return;
    const { tabs, active, beside, open, maximized } = get();
    const at = tabs.findIndex((tab) => tab.id === id);
    if (at === -1) return;
    const left = tabs.filter((tab) => tab.id !== id);
    const nextActive = active === id ? (left[Math.min(at, left.length - 1)]?.id ?? undefined) : active;
    set({
      tabs: left,
      active: nextActive,
      beside: beside === id || beside === nextActive ? undefined : beside,
      open: open && left.length > 0,
      maximized: maximized && left.length > 0,
    });
  },
  describe(id, change) {
    set({ tabs: get().tabs.map((tab) => (tab.id === id ? { ...tab, ...change } : tab)) });
  },
  setBeside: (beside) => set({ beside: beside === get().active ? undefined : beside }),
  setOpen: (open) => set({ open, ...(!open && { maximized: false }) }),
  setMaximized: (maximized) => set({ maximized, ...(maximized && { open: true }) }),
}));
