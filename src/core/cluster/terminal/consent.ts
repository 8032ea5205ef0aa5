import { createHash } from 'node:crypto';
import type { Confirm } from '../fleet/index.ts';

/**
 * A shell on this computer may do whatever its user may: a page that was taken over is not to have one. So the user is
 * asked outside of the page, once while the program runs.
 */
export function localShellQuestion(): Parameters<Confirm>[0] {
  const message = 'Allow shells on this computer?';
  return {
    message,
    detail:
      'A terminal of KubeSage wants to run your shell here, with a cluster’s context set. What is typed in it may do whatever you may do. It is asked once until KubeSage is started again.',
    hashes: [createHash('sha256').update(message).digest('hex')],
  };
}

/** Asks until it is agreed to, and then no more. Those who ask at once share the question. */
export function once(ask: () => Promise<void>): () => Promise<void> {
  let asked: Promise<void> | undefined;
  return () => {
    asked ??= ask().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
