export { helmApi } from './api.ts';
export { createHelm } from './helm.ts';
export { fieldsThatDiffer } from './model.ts';
export { statusOf } from './status.ts';
