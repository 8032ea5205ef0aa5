export { recordingsApi } from './api.ts';
export type { Finished, Recorder } from './recorder.ts';
export { createRecordings, type Recordings } from './recordings.ts';
