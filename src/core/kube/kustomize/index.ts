export { createKustomizeProgram, isKustomization, type KustomizeProgram } from './kustomizeProgram.ts';
