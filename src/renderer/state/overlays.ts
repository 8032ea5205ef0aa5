import { create } from 'zustand';

/** What floats above the window. One at a time. */
export interface Overlays {
  palette: { text: string } | undefined;
  help: boolean;
  openPalette(text?: string): void;
  openHelp(): void;
  close(): void;
}

export const useOverlays = create<Overlays>((set) => ({
  palette: undefined,
  help: false,
  openPalette: (text = '') => set({ palette: { text }, help: false }),
  openHelp: () => set({ help: true, palette: undefined }),
  close: () => set({ palette: undefined, help: false }),
}));
