export { createActions } from './actions.ts';
