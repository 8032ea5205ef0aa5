export { chosenClusters } from './chosenClusters.ts';
export { findRow, toYaml } from './get.ts';
export { kindOf } from './kindNames.ts';
export { objectPath } from './objectPath.ts';
export { compileFilter } from './query/compile.ts';
export { compilePattern } from './query/pattern.ts';
export { hiddenValue, redact } from './redact.ts';
export { createResources, type Resources } from './resources.ts';
export { parseSelector } from './selector.ts';
