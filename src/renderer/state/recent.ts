import { create } from 'zustand';
import { readStored, writeStored } from './stored.ts';

/** A view or an object that was looked at. */
export interface RecentItem {
  /** Address without the scope. */
  address: string;
  title: string;
  detail: string;
}

const most = 20;

function isItems(value: unknown): value is RecentItem[] {
  return (
    Array.isArray(value) &&
    value.every(
      (item) => typeof item?.address === 'string' && typeof item.title === 'string' && typeof item.detail === 'string',
    )
  );
}

/** What was looked at, newest first, each once. */
export function addRecent(items: readonly RecentItem[], item: RecentItem): RecentItem[] {
  return [item, ...items.filter((other) => other.address !== item.address)].slice(0, most);
}

export const useRecent = create<{ items: readonly RecentItem[]; visit(item: RecentItem): void }>((set, get) => ({
  items: readStored('recent', isItems) ?? [],
  visit(item) {
    const items = addRecent(get().items, item);
    set({ items });
    writeStored('recent', items);
  },
}));
