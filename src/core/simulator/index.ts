export { createDemoFleet, type DemoFleet, type DemoFleetOptions } from './demoFleet.ts';
export { startDemoWorker } from './demoWorker.ts';
export { type PastOptions, type PastVersion, pastVersions } from './scenario/past.ts';
export { type ScaleFleet, type ScaleOptions, scale } from './scenario/scale.ts';
export { administrator, createSimulator, type Simulator, type SimulatorOptions } from './server.ts';
