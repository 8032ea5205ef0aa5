import { create } from 'zustand';

type Typist = (text: string) => void;

/** The terminals that are open in this window, by tab. */
const typists = new Map<string, Typist>();

/** Terminals that are typed into together: what is typed in one of them is typed in all of them. */
export const useTogether = create<{ open: number; members: ReadonlySet<string> }>(() => ({
  open: 0,
  members: new Set(),
}));

/** Is open until the returned function is called. */
export function takePart(tab: string, typist: Typist): () => void {
  typists.set(tab, typist);
  useTogether.setState({ open: typists.size });
  return () => {
    typists.delete(tab);
    useTogether.setState({ open: typists.size });
    leave(tab);
  };
}

/** From now on these are typed into together. A tab may be named before its terminal is open. */
export function together(tabs: Iterable<string>): void {
  useTogether.setState({ members: new Set(tabs) });
}

/** All that are open are typed into together. */
export function togetherAll(): void {
  together(typists.keys());
}

export function join(tab: string): void {
  const { members } = useTogether.getState();
  together([...members, tab]);
}

export function leave(tab: string): void {
  const left = [...useTogether.getState().members].filter((member) => member !== tab);
  // Nobody is to find it on when the next terminals are opened.
  together(left.length > 1 ? left : []);
}

/** Types in this one, or in all that it is together with. */
export function typeIn(tab: string, text: string): void {
  const { members } = useTogether.getState();
  if (!members.has(tab)) typists.get(tab)?.(text);
  else for (const member of members) typists.get(member)?.(text);
}
