export { namespacesApi } from './api.ts';
export { ownerOf } from './model.ts';
export { openNamespaceTemplates } from './templates.ts';
