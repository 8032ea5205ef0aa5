import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cluster } from '../../src/core/cluster/fleet/contract.ts';
import { type Served, startServed } from '../../src/main/serve/testing/served.ts';
import { kubectlPath } from '../scale/kube.ts';

const image = 'docker.io/library/busybox:1.36';

/** A real cluster with a namespace of its own, and `kubesage serve` with that cluster open. */
export interface LogStage {
  served: Served;
  kubeconfig: string;
  kubectl: string;
  /** The cluster's id in the contract. */
  cluster: string;
  namespace: string;
  run(args: readonly string[], input?: string): string;
  /** Starts a pod that runs this script once. */
  start(name: string, script: string): void;
  close(): Promise<void>;
}

/** @throws when KUBESAGE_KUBE does not name the tool that starts clusters, or the program is not built */
export async function startLogStage(name: string): Promise<LogStage> {
  const tool = process.env.KUBESAGE_KUBE;
  if (tool === undefined || tool === '') throw new Error('Set KUBESAGE_KUBE to the tool that starts test clusters');
  const data = mkdtempSync(path.join(tmpdir(), 'kubesage-logs-'));
  const kubeconfig =
    execFileSync(tool, ['up', name, '--real-node'], { encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  const kubectl = kubectlPath();
  const namespace = `${name}-${process.pid}`;
  const run = (args: readonly string[], input?: string) =>
    execFileSync(kubectl, ['--kubeconfig', kubeconfig, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      stdio: ['pipe', 'pipe', 'inherit'],
      ...(input !== undefined && { input }),
    });
  run(['create', 'namespace', namespace]);
  // Pods are refused until the controller has made the namespace's account.
  run(['wait', '--for=create', 'serviceaccount/default', '-n', namespace, '--timeout=60s']);
  const program = path.join(import.meta.dirname, '../../out/main/kubesage.mjs');
  const served = await startServed(program, ['--port', '0', '--data', data], {
    ...process.env,
    KUBECONFIG: kubeconfig,
    HOME: data,
  });
  const close = async () => {
    await served.end('SIGTERM');
    run(['delete', 'namespace', namespace, '--wait=false']);
    execFileSync(tool, ['down', name], { stdio: 'ignore' });
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const cluster = await opened(served);
  return {
    served,
    kubeconfig,
    kubectl,
    cluster,
    namespace,
    run,
    close,
    start(pod, script) {
      const container = { name: 'main', image, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] };
      const spec = {
        nodeName: 'real-1',
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 0,
        automountServiceAccountToken: false,
        containers: [container],
      };
      const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: pod, namespace }, spec };
      run(['apply', '-f', '-'], JSON.stringify(manifest));
    },
  };
}

async function opened(served: Served): Promise<string> {
  for (;;) {
    const [cluster] = (await served.get<{ rows: Cluster[] }>('fleet/clusters', {})).rows;
    if (cluster?.state === 'live') return cluster.key;
    if (cluster?.state === 'idle') await served.post('fleet/open', { clusters: [cluster.key] });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
