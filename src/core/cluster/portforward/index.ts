export { portforwardApi } from './api.ts';
export { createForwards } from './portforward.ts';
