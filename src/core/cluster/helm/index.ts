export { helmApi } from './api.ts';
export { createHelm } from './helm.ts';
export { fieldsThatDiffer, readManifest } from './model.ts';
export { fetchBody, listRevisions } from './sources/storage.ts';
export { statusOf } from './status.ts';
