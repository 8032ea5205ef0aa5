import type { KindId } from '../columns/schema.ts';

/** How a kind is fetched from one cluster. */
export interface FetchMode {
  /** List and watch in one stream (`sendInitialEvents`); otherwise a list, then a watch. */
  streaming: boolean;
  encoding: 'protobuf' | 'json';
}

/**
 * What one cluster's API server turned out to be able to do. Everything is tried once per connection of the cluster,
 * and what failed is remembered for all kinds (streaming list) or for the kind (protobuf).
 */
export class Abilities {
  #streaming = true;
  readonly #jsonKinds = new Set<KindId>();

  modeOf(kind: KindId, custom: boolean): FetchMode {
    return { streaming: this.#streaming, encoding: custom || this.#jsonKinds.has(kind) ? 'json' : 'protobuf' };
  }

  noStreamingList(): void {
    this.#streaming = false;
  }

  noProtobuf(kind: KindId): void {
    this.#jsonKinds.add(kind);
  }
}
