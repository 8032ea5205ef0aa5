export { createActions } from './actions.ts';
export type { Need } from './model.ts';
export { createPermissions, type Permissions } from './permissions.ts';
