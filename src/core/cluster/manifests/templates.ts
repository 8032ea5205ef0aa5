import type { Template } from './contract.ts';
import { access } from './templates/access.ts';
import { config } from './templates/config.ts';
import { limits } from './templates/limits.ts';
import { network } from './templates/network.ts';
import { workloads } from './templates/workloads.ts';

/** Manifests to begin with: complete, with limits and without rights that are not needed. */
export const templates: readonly Template[] = [...workloads, ...network, ...config, ...limits, ...access];
