export { createActions } from './actions.ts';
export { createPermissions } from './permissions.ts';
