import { fleet } from '../features/fleet/feature.tsx';
import { resources } from '../features/resources/feature.tsx';
import { settings } from '../features/settings/feature.tsx';
import type { Feature } from './feature.ts';

/** Every feature that has screens, in the order of the rail: one line each. */
export const features: readonly Feature[] = [fleet, resources, settings];
