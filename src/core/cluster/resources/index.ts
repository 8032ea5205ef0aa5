export { findRow } from './get.ts';
export { compilePattern } from './query/pattern.ts';
export { createResources, type Resources } from './resources.ts';
export { parseSelector } from './selector.ts';
