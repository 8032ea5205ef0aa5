export { labelsApi } from './api.ts';
export { createLabelRules } from './rules.ts';
