export { chosenClusters } from './chosenClusters.ts';
export { findRow } from './get.ts';
export { kindOf } from './kindNames.ts';
export { compileFilter } from './query/compile.ts';
export { compilePattern } from './query/pattern.ts';
export { createResources, type Resources } from './resources.ts';
export { parseSelector } from './selector.ts';
