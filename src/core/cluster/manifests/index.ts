export { createManifests } from './api.ts';
