export { readChartFiles } from './chartFiles.ts';
export { chartPlace, createHelmProgram, type HelmCall, type HelmProgram, missing } from './helmProgram.ts';
export { indexPath, readDeprecated, writtenAt } from './indexFile.ts';
