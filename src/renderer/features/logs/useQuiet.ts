import { useEffect, useState } from 'react';

/** A value once it has rested, for 250 ms. */
export function useQuiet<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), 250);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}
