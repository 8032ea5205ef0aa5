import { KubeSageError } from '../../kernel/errors.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';

/** Questions to one API server, one after the other: a check never has two requests on their way. */
export interface Asking {
  readonly cluster: string;
  readonly signal: AbortSignal;
  text(path: string): Promise<string>;
  json<T>(path: string): Promise<T>;
  /**
   * Every item of a list, page by page. Returns whether all were read: it ends after `most` of them.
   * @param metadataOnly asks for the metadata alone, which is far less to send
   */
  each<T>(path: string, use: (item: T) => void, options?: { metadataOnly?: boolean; most?: number }): Promise<boolean>;
}

const pageItems = 250;
const metadataOnlyList = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
/** A list that ends sooner than this many items is read whole. */
const mostItems = 50_000;

/** @param counted hears of each item that was read */
export function askCluster(
  fleet: OpenClusters,
  cluster: string,
  counted: (items: number) => void,
  signal: AbortSignal,
): Asking {
  const decoder = new TextDecoder();
  const get = async (path: string, accept: string) => {
    signal.throwIfAborted();
    const answer = await fleet.request(cluster, { path, headers: { Accept: accept }, signal });
    return decoder.decode(answer.body);
  };
  return {
    cluster,
    signal,
    text: (path) => get(path, '*/*'),
    json: async (path) => parse(await get(path, 'application/json')),
    async each<T>(
      path: string,
      use: (item: T) => void,
      { metadataOnly = false, most = mostItems }: { metadataOnly?: boolean; most?: number } = {},
    ) {
      let next = '';
      let count = 0;
      do {
        const query = new URLSearchParams({ limit: String(pageItems), ...(next !== '' && { continue: next }) });
        const page = `${path}${path.includes('?') ? '&' : '?'}${query}`;
        const text = await get(page, metadataOnly ? metadataOnlyList : 'application/json');
        const list = parse<{ metadata?: { continue?: string }; items?: T[] }>(text);
        for (const item of list.items ?? []) use(item);
        count += list.items?.length ?? 0;
        counted(list.items?.length ?? 0);
        next = list.metadata?.continue ?? '';
        if (next !== '' && count >= most) return false;
      } while (next !== '');
      return true;
    },
  };
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new KubeSageError('invalid', 'The API server answered with something that is not JSON', { cause });
  }
}
