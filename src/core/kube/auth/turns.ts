/**
 * Lets one task run at a time, in the order of arrival: two sign-ins at once fight for the same browser, port or keyring.
 * A waiting task whose signal aborts leaves the line.
 */
export interface Turns {
  take<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take(task, signal) {
      const mine = last.then(() => {
        signal?.throwIfAborted();
        return task();
      });
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
