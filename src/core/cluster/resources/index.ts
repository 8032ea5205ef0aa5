export { createResources, type Resources } from './resources.ts';
