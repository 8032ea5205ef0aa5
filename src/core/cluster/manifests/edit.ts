import { KubeSageError } from '../../kernel/errors.ts';
import { hiddenValue, redact } from '../resources/index.ts';
import type { MeanwhileChange } from './contract.ts';
import type { KubeObject } from './model.ts';
import { holderOf } from './owners.ts';
import { asWritten } from './shown.ts';
import { applyEdits, contest, type Edit, editsBetween, mergePatchOf, pointerOf } from './threeWay.ts';

/** An edit, held against the object as it is now. */
export interface Reconciled {
  meanwhile: MeanwhileChange[];
  contested: boolean;
  /** The edit's changes made in the object as it is now; undefined when they change nothing. */
  patch: Record<string, unknown> | undefined;
  /** The object as it is now with the changes that nobody contests. Values of secrets are sizes. */
  merged: KubeObject;
}

/**
 * What a text changes, is what differs between it and the text that was opened; it is made in the object as it is now.
 * So what others changed elsewhere in the object stays, and a field that was taken out of the text goes.
 * @throws KubeSageError `invalid` where a hidden value of a secret would be stored
 */
export function reconcile(opened: KubeObject, text: KubeObject, live: KubeObject, isSecret: boolean): Reconciled {
  const mine = editsBetween(opened, text);
  if (isSecret) refuseHidden(mine);
  const shown = redact(live, isSecret).object as KubeObject;
  const theirs = editsBetween(asWritten(opened), asWritten(shown));
  const meanwhile = theirs.map((edit): MeanwhileChange => {
    const holder = holderOf(live.metadata.managedFields ?? [], edit.path);
    return {
      path: pointerOf(edit.path),
      ...(edit.before !== undefined && { opened: edit.before }),
      ...(edit.after !== undefined && { now: edit.after }),
      ...holder,
      contested: mine.some((each) => contest(each, edit)),
    };
  });
  const patch = mergePatchOf(live, applyEdits(live, mine) as KubeObject);
  const free = mine.filter((each) => !theirs.some((edit) => contest(each, edit)));
  return {
    meanwhile,
    contested: meanwhile.some(({ contested }) => contested),
    patch: Object.keys(patch).length === 0 ? undefined : locked(patch, live),
    merged: applyEdits(shown, free) as KubeObject,
  };
}

/** With the version that was looked at: the server refuses the patch when the object has another one by then. */
function locked(patch: Record<string, unknown>, live: KubeObject): Record<string, unknown> {
  const { resourceVersion } = live.metadata;
  return { ...patch, metadata: { ...(patch.metadata as object | undefined), resourceVersion } };
}

function refuseHidden(edits: readonly Edit[]): void {
  for (const { path, after } of edits) {
    const values = typeof after === 'object' && after !== null ? Object.values(after) : [after];
    const secret = path[0] === 'data' || path[0] === 'stringData';
    const mark = (value: unknown) => value === hiddenValue || (secret && /^\d+ bytes?$/.test(String(value)));
    if (!values.some(mark)) continue;
    throw new KubeSageError('invalid', `${pointerOf(path)} is a hidden value, and cannot be copied`, {
      hint: 'Write the value itself: in base64 under data, as it is under stringData.',
    });
  }
}

export function deletedMeanwhile(name: string): KubeSageError {
  return new KubeSageError('conflict', `${name} was deleted since it was opened`, {
    hint: 'Create it anew from the text, or close it.',
  });
}
