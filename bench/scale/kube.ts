import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** @throws when KUBESAGE_KUBE does not name the tool that starts clusters */
function tool(): string {
  const found = process.env.KUBESAGE_KUBE;
  if (found === undefined || found === '') {
    throw new Error('Set KUBESAGE_KUBE to the tool that starts test clusters (its `up`, `down` and `assets` are used)');
  }
  return found;
}

/** Starts a cluster with simulated nodes. Returns its kubeconfig's path. */
export function clusterUp(name: string, nodes: number): string {
  return lastLine(execFileSync(tool(), ['up', name, '--nodes', String(nodes)], { encoding: 'utf8' }));
}

export function clusterDown(name: string): void {
  execFileSync(tool(), ['down', name], { stdio: 'ignore' });
}

export function kubectlPath(): string {
  return path.join(lastLine(execFileSync(tool(), ['assets'], { encoding: 'utf8' })), 'kubectl');
}

/** Pauses or wakes what watches pods beside the API server, so that it alone works for whoever is measured. */
export function signalControllers(kubeconfig: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
  for (const component of ['kwok', 'kube-controller-manager', 'kube-scheduler']) {
    process.kill(Number(readFileSync(path.join(path.dirname(kubeconfig), `${component}.pid`), 'utf8')), signal);
  }
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
