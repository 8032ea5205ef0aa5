/**
 * What a window keeps for itself between two starts: how it is laid out and what was looked at. It is a convenience, so
 * storage that is full, blocked or damaged means the defaults and nothing worse.
 */
export function readStored<T>(key: string, check: (value: unknown) => value is T): T | undefined {
  try {
    const text = localStorage.getItem(`kubesage.${key}`);
    if (text === null) return undefined;
    const value: unknown = JSON.parse(text);
    return check(value) ? value : undefined;
  } catch {
    // Blocked storage throws, damaged text does not parse: both mean that nothing is remembered.
    return undefined;
  }
}

export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(`kubesage.${key}`, JSON.stringify(value));
  } catch {
    // Full or blocked: the window works as well without remembering.
  }
}
