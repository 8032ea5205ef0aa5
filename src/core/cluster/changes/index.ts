export { changesApi } from './api.ts';
export { type Changes, createChanges } from './changes.ts';
export { checkConfirmed, unprotectQuestion } from './guard.ts';
export type { Act, Change, ChangeRequest, Plan, Step, StepContext } from './model.ts';
export { differences } from './patch.ts';
