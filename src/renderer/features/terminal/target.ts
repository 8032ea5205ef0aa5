import type { z } from 'zod';
import { TerminalTarget } from '../../../core/cluster/terminal/contract.ts';

/** What a terminal is opened on, defaults left out. */
export type Target = z.input<typeof TerminalTarget>;

/** A tab of the dock keeps its target as text. */
export function writeTarget(target: Target): string {
  return JSON.stringify(target);
}

export function readTarget(subject: string): Target | undefined {
  try {
    const parsed = TerminalTarget.safeParse(JSON.parse(subject));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // No JSON: the panel says that there is nothing to open.
    return undefined;
  }
}

/** The same with a new connection: a debug container is there already, and is not added a second time. */
export function againOn(target: Target, container: string | undefined): Target {
  if (target.mode !== 'debug' || container === undefined) return target;
  return { mode: 'attach', object: target.object, container };
}
