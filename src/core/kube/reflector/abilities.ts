import type { KindId } from '../columns/schema.ts';
import { ApiFailure, type Transport } from '../transport/index.ts';

/** Kinds that come by the ten thousand: how they are listed is most of what an API server does for us. */
const numerousKinds: ReadonlySet<KindId> = new Set(['pods']);
/** Kubernetes 1.33 encodes the items of a list while it sends them. Before, it holds the whole answer in memory. */
const sendingMinor = 33;

/** How a kind is fetched from one cluster. */
export interface FetchMode {
  /** List and watch in one stream (`sendInitialEvents`); otherwise a list, then a watch. */
  streaming: boolean;
  encoding: 'protobuf' | 'json';
  /** As a list and a watch where the server sends lists while it encodes them: that costs it half of one stream. */
  numerous: boolean;
}

/**
 * What one cluster's API server turned out to be able to do. Everything is tried once per connection of the cluster,
 * and what failed is remembered for all kinds (streaming list) or for the kind (protobuf).
 */
export class Abilities {
  #streaming = true;
  readonly #jsonKinds = new Set<KindId>();
  #minor: number | undefined;

  modeOf(kind: KindId, custom: boolean): FetchMode {
    const encoding = custom || this.#jsonKinds.has(kind) ? 'json' : 'protobuf';
    return { streaming: this.#streaming, encoding, numerous: encoding === 'protobuf' && numerousKinds.has(kind) };
  }

  /** Whether the server encodes lists while it sends them; asked until it has said. Rejects as `request` does, but for refusals. */
  async sendsLists(transport: Pick<Transport, 'request'>, signal: AbortSignal): Promise<boolean> {
    this.#minor ??= await minorOf(transport, signal);
    return (this.#minor ?? 0) >= sendingMinor;
  }

  noStreamingList(): void {
    this.#streaming = false;
  }

  noProtobuf(kind: KindId): void {
    this.#jsonKinds.add(kind);
  }
}

/** Of the server's version; undefined where it does not say. */
async function minorOf(transport: Pick<Transport, 'request'>, signal: AbortSignal): Promise<number | undefined> {
  try {
    const { body } = await transport.request({ path: '/version', headers: { Accept: 'application/json' }, signal });
    const { major, minor } = (JSON.parse(Buffer.from(body).toString()) ?? {}) as { major?: unknown; minor?: unknown };
    // Providers add a plus to it.
    return major === '1' && typeof minor === 'string' ? Number.parseInt(minor, 10) || 0 : undefined;
  } catch (error) {
    // The list that follows is a better witness of what is wrong than this question.
    if (error instanceof ApiFailure || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
