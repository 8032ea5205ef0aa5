export { upgradesApi } from './api.ts';
export { createUpgrades } from './upgrades.ts';
