export { chartPlace, createHelmProgram, type HelmCall, type HelmProgram, missing } from './helmProgram.ts';
