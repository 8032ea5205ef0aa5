export { helmApi } from './api.ts';
export { createHelm } from './helm.ts';
export { readManifest } from './model.ts';
export { fetchBody, listRevisions } from './sources/storage.ts';
export { fieldsThatDiffer } from './model.ts';
export { statusOf } from './status.ts';
