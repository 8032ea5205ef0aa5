import { create } from 'zustand';
import { readStored, writeStored } from './stored.ts';

/** Sizes of the frame in CSS pixels, and what is folded. Kept by the window, not part of an address. */
export interface Layout {
  drawerWidth: number;
  dockHeight: number;
  sectionsOpen: boolean;
  /** Sections of the navigation that are folded, by name. */
  folded: readonly string[];
}

interface LayoutActions {
  set(change: Partial<Layout>): void;
  toggleFolded(section: string): void;
}

const defaults: Layout = { drawerWidth: 520, dockHeight: 280, sectionsOpen: true, folded: [] };

function isLayout(value: unknown): value is Layout {
  const layout = value as Layout;
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof layout.drawerWidth === 'number' &&
    typeof layout.dockHeight === 'number' &&
    typeof layout.sectionsOpen === 'boolean' &&
    Array.isArray(layout.folded) &&
    layout.folded.every((name) => typeof name === 'string')
  );
}

export const useLayout = create<Layout & LayoutActions>((set, get) => ({
  ...defaults,
  ...readStored('layout', isLayout),
  set(change) {
    set(change);
    const { drawerWidth, dockHeight, sectionsOpen, folded } = get();
    writeStored('layout', { drawerWidth, dockHeight, sectionsOpen, folded });
  },
  toggleFolded(section) {
    const { folded, set: save } = get();
    save({ folded: folded.includes(section) ? folded.filter((name) => name !== section) : [...folded, section] });
  },
}));
