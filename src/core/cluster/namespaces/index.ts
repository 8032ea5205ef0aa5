export { namespacesApi } from './api.ts';
export { ownerOf } from './model.ts';
export { createTemplates } from './namespaces.ts';
