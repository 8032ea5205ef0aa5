import { ApiFailure, type Transport } from '../transport/index.ts';

export interface ClusterIdentity {
  /** `v1.37.2` */
  version: string;
  /** uid of the namespace kube-system, which a cluster keeps for life; null when it may not be read. */
  uid: string | null;
}

/** Who answers there: two small requests. Rejects as Transport.request does when the server cannot be asked. */
export async function readIdentity(transport: Transport, signal?: AbortSignal): Promise<ClusterIdentity> {
  const [version, uid] = await Promise.all([readVersion(transport, signal), readUid(transport, signal)]);
  return { version, uid };
}

async function readVersion(transport: Transport, signal?: AbortSignal): Promise<string> {
  const { gitVersion } = await readObject(transport, '/version', signal);
  return typeof gitVersion === 'string' ? gitVersion : '';
}

async function readUid(transport: Transport, signal?: AbortSignal): Promise<string | null> {
  try {
    const { metadata } = await readObject(transport, '/api/v1/namespaces/kube-system', signal);
    const uid = (metadata as { uid?: unknown } | undefined)?.uid;
    return typeof uid === 'string' ? uid : null;
  } catch (error) {
    if (error instanceof ApiFailure && (error.status === 403 || error.status === 404)) return null;
    throw error;
  }
}

async function readObject(transport: Transport, path: string, signal?: AbortSignal): Promise<Record<string, unknown>> {
  const { body } = await transport.request({ path, signal });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new ApiFailure('unavailable', 'What answers there is no Kubernetes API server', {
    status: 200,
    hint: 'Check the server in the kubeconfig, and any proxy in between.',
  });
}
