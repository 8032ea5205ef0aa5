import { platformApps } from './platformApps.ts';
import { shopApps } from './shopApps.ts';

/** One application of the demo fleet: what is deployed, by whom, and how much of it. */
export interface App {
  name: string;
  namespace: string;
  team: string;
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';
  /** Without tag. */
  image: string;
  /** Tags, oldest first; rollouts walk through them. */
  versions: readonly string[];
  /** In a production cluster of size 1. */
  replicas: number;
  cpu: string;
  memory: string;
  memoryLimit?: string;
  port?: number;
  /** A host name that the ingress serves. */
  host?: string;
  /** Scaled by load between these. */
  autoscale?: { min: number; max: number };
  /** Disruption budget: pods that must stay. */
  minAvailable?: number;
  /** A volume a pod, of this size. */
  storage?: string;
  /** Of a CronJob. */
  schedule?: string;
  /** How long a job of it runs, milliseconds. */
  runMs?: number;
  /** Clusters where it runs; absent: all. */
  only?: readonly string[];
  sidecar?: { name: string; image: string };
  nodeSelector?: Record<string, string>;
}

/** The order counts: the demo's random numbers are drawn along it. */
export const apps: readonly App[] = [...shopApps, ...platformApps];
