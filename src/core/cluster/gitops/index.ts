export { gitopsApi } from './api.ts';
export { createGitops } from './gitops.ts';
