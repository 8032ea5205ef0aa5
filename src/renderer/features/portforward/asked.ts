import { create } from 'zustand';
import type { ObjectRef } from '../../../core/cluster/resources/contract.ts';

/** The object that a port is to be forwarded to: the dialog that is open. */
export const useAsked = create<{ object: ObjectRef | undefined; ask(object: ObjectRef | undefined): void }>((set) => ({
  object: undefined,
  ask: (object) => set({ object }),
}));
