import { create } from 'zustand';
import { readStored, writeStored } from './stored.ts';

/** Sizes of the frame in CSS pixels, and what is folded. Kept by the window, not part of an address. */
export interface Layout {
  drawerWidth: number;
  dockHeight: number;
  sectionsOpen: boolean;
  /** Whether the fleet's page shows what needs attention beside the clusters. */
  attentionOpen: boolean;
  /** Sections of the navigation that are folded, by name. */
  folded: readonly string[];
}

interface LayoutActions {
  set(change: Partial<Layout>): void;
  toggleFolded(section: string): void;
}

const defaults: Layout = { drawerWidth: 520, dockHeight: 280, sectionsOpen: true, attentionOpen: true, folded: [] };

/** What was kept before there was a panel has no word of it: the default stands. */
type Kept = Omit<Layout, 'attentionOpen'> & Partial<Pick<Layout, 'attentionOpen'>>;

function isLayout(value: unknown): value is Kept {
  const layout = value as Layout;
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof layout.drawerWidth === 'number' &&
    typeof layout.dockHeight === 'number' &&
    typeof layout.sectionsOpen === 'boolean' &&
    ['boolean', 'undefined'].includes(typeof layout.attentionOpen) &&
    Array.isArray(layout.folded) &&
    layout.folded.every((name) => typeof name === 'string')
  );
}

export const useLayout = create<Layout & LayoutActions>((set, get) => ({
  ...defaults,
  ...readStored('layout', isLayout),
  set(change) {
    set(change);
    const { drawerWidth, dockHeight, sectionsOpen, attentionOpen, folded } = get();
    writeStored('layout', { drawerWidth, dockHeight, sectionsOpen, attentionOpen, folded });
  },
  toggleFolded(section) {
    const { folded, set: save } = get();
    save({ folded: folded.includes(section) ? folded.filter((name) => name !== section) : [...folded, section] });
  },
}));
