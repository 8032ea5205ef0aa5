export { labelsApi } from './api.ts';
export { openLabelRules } from './rules.ts';
