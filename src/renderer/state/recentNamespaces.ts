import { useEffect, useState } from 'react';
import { readStored, writeStored } from './stored.ts';

const most = 9;
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

/**
 * Namespaces that were chosen alone, in the order of their first use, so that a key keeps its meaning while it is in
 * use: the newest takes a free place, or that of the oldest.
 */
export function placeNamespace(places: readonly string[], namespace: string): string[] {
  if (places.includes(namespace)) return [...places];
  return places.length < most ? [...places, namespace] : [...places.slice(1), namespace];
}

export function useRecentNamespaces(chosen: readonly string[] | undefined): readonly string[] {
  const [places, setPlaces] = useState<readonly string[]>(() => readStored('namespaces', isNames) ?? []);
  const only = chosen?.length === 1 ? chosen[0] : undefined;
  useEffect(() => {
    if (only === undefined) return;
    setPlaces((current) => {
      const next = placeNamespace(current, only);
      writeStored('namespaces', next);
      return next;
    });
  }, [only]);
  return places;
}
