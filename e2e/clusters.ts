import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A real cluster, started by the tool that KUBESAGE_KUBE names. */
export interface RealCluster {
  name: string;
  kubeconfig: string;
  viewerKubeconfig: string;
  /** Runs kubectl and returns what it prints. */
  kubectl(args: readonly string[], input?: string): string;
  /** Requests that this app has sent so far, by the server's own audit log. */
  requests(): number;
  /** Sends a signal to one of its components. */
  signal(component: 'kube-apiserver' | 'kube-controller-manager', signal: NodeJS.Signals): void;
  down(): void;
}

/** Why there are no real clusters, or null. */
export function noClusters(): string | null {
  const tool = process.env.KUBESAGE_KUBE;
  if (tool === undefined) return 'KUBESAGE_KUBE is not set';
  return existsSync(tool) ? null : `KUBESAGE_KUBE names ${tool}, which is not there`;
}

export function startCluster(name: string, options: { nodes?: number; realNode?: boolean }): RealCluster {
  const tool = process.env.KUBESAGE_KUBE ?? '';
  // What an aborted run left would be in the way.
  spawnSync(tool, ['down', name], { stdio: 'ignore' });
  const args = [
    'up',
    name,
    ...(options.nodes ? ['--nodes', String(options.nodes)] : []),
    ...(options.realNode ? ['--real-node'] : []),
  ];
  const kubeconfig = execFileSync(tool, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  const kubectl = join(execFileSync(tool, ['assets'], { encoding: 'utf8' }).trim(), 'kubectl');
  const folder = dirname(kubeconfig);
  return {
    name,
    kubeconfig,
    viewerKubeconfig: `${kubeconfig}.viewer`,
    kubectl: (args, input) =>
      execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], { encoding: 'utf8', input, maxBuffer: 64 << 20 }),
    requests: () =>
      readFileSync(join(folder, 'audit.log'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('"userAgent":"kubesage/')).length,
    signal: (component, signal) => process.kill(Number(readFileSync(join(folder, `${component}.pid`), 'utf8')), signal),
    down: () => void spawnSync(tool, ['down', name], { stdio: 'ignore' }),
  };
}
