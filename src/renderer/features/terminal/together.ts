import { create } from 'zustand';

type Typist = (text: string) => void;

/** The terminals that are open in this window. */
const typists = new Set<Typist>();

/** Whether what is typed in one terminal is typed in all. */
export const useTogether = create<{ on: boolean; count: number; setOn(on: boolean): void }>((set) => ({
  on: false,
  count: 0,
  setOn: (on) => set({ on }),
}));

/** Takes part until the returned function is called. */
export function takePart(typist: Typist): () => void {
  typists.add(typist);
  useTogether.setState({ count: typists.size });
  return () => {
    typists.delete(typist);
    // Nobody is to find it on when the next terminals are opened.
    useTogether.setState((state) => ({ count: typists.size, on: state.on && typists.size > 1 }));
  };
}

/** Types in this one, or in all. */
export function typeIn(own: Typist, text: string): void {
  if (useTogether.getState().on) for (const typist of typists) typist(text);
  else own(text);
}
