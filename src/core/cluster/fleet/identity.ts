import { KubeSageError } from '../../kernel/errors.ts';
import type { ClusterTransport } from './ports.ts';

/** `v1.37.2`; null where the server keeps it to itself. */
export async function readVersion(transport: ClusterTransport, signal: AbortSignal): Promise<string | null> {
  const answer = await readObject(transport, '/version', signal);
  return typeof answer?.gitVersion === 'string' ? answer.gitVersion : null;
}

/** uid of the namespace kube-system, which a cluster keeps for life; null where it may not be read. */
export async function readUid(transport: ClusterTransport, signal: AbortSignal): Promise<string | null> {
  const answer = await readObject(transport, '/api/v1/namespaces/kube-system', signal);
  const uid = (answer?.metadata as { uid?: unknown } | undefined)?.uid;
  return typeof uid === 'string' && uid !== '' ? uid : null;
}

/** Null for what is forbidden or not there. */
async function readObject(
  transport: ClusterTransport,
  path: string,
  signal: AbortSignal,
): Promise<Record<string, unknown> | null> {
  try {
    const headers = { Accept: 'application/json' };
    const answer = await transport.request({ path, headers, signal, timeoutMs: 15_000 });
    return JSON.parse(new TextDecoder().decode(answer.body)) as Record<string, unknown> | null;
  } catch (error) {
    if (error instanceof KubeSageError && (error.code === 'forbidden' || error.code === 'notFound')) return null;
    if (error instanceof SyntaxError) {
      throw new KubeSageError('unreachable', 'What answers at the server’s address is no Kubernetes API server', {
        hint: 'Check the address and the proxy in the kubeconfig.',
        cause: error,
      });
    }
    throw error;
  }
}
