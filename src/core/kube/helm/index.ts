export {
  chartPlace,
  createHelmProgram,
  type FoundHelm,
  type HelmCall,
  type HelmProgram,
  missing,
} from './helmProgram.ts';
