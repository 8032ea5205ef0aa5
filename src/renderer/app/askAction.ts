import type { ObjectRef } from '../../core/cluster/resources/contract.ts';
import { type Disposable, toDisposable } from '../../core/kernel/disposable.ts';

type Values = Readonly<Record<string, string | number | boolean>>;
type Answer = (action: string, objects: readonly ObjectRef[], values: Values) => void;

let answer: Answer | undefined;

/** Asks for an action with values of its form filled in, as if it had been chosen from a menu. */
export function askAction(action: string, objects: readonly ObjectRef[], values: Values): void {
  answer?.(action, objects, values);
}

/** For the feature that knows the actions: hears what the others ask for. */
export function onAskAction(run: Answer): Disposable {
  answer = run;
  return toDisposable(() => {
    if (answer === run) answer = undefined;
  });
}
