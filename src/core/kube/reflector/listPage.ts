import type { Transport } from '../transport/index.ts';
import type { FetchMode } from './abilities.ts';
import { accepts, asMalformed, checkEncoding } from './fetch.ts';
import { readJsonList } from './jsonStream.ts';
import { type ListMeta, ProtobufListReader } from './protobufStream.ts';

type OnObject = (bytes: Uint8Array, start: number, end: number) => void;

export interface Page {
  transport: Pick<Transport, 'stream'>;
  /** Of the collection, without a query. */
  path: string;
  encoding: FetchMode['encoding'];
  /** Objects in a page; 0 for all of them. */
  limit: number;
  /** What the server's cache has will do; for whole lists only. */
  anyVersion: boolean;
  /** Of the page before, '' for the first. */
  token: string;
  signal: AbortSignal;
  /** Ranges are valid during the call only. */
  onProtobuf: OnObject;
  onJson: OnObject;
  /** Some bytes have been read. */
  onTurn: () => void;
}

/** Fetches a page of a list: protobuf becomes objects while it arrives, JSON when the page is complete. */
export async function fetchPage(page: Page): Promise<ListMeta> {
  const { encoding, limit, token } = page;
  const parameters = new URLSearchParams();
  if (limit > 0) parameters.set('limit', String(limit));
  else if (page.anyVersion) parameters.set('resourceVersion', '0');
  if (token !== '') parameters.set('continue', token);
  const query = parameters.toString();
  const parts: Uint8Array[] = [];
  const reader = new ProtobufListReader(page.onProtobuf);
  await page.transport.stream({
    path: `${page.path}${query === '' ? '' : `?${query}`}`,
    headers: { Accept: encoding === 'protobuf' ? accepts.protobufList : accepts.json },
    signal: page.signal,
    compressible: true,
    onHead: (head) => checkEncoding(head, encoding),
    onData: (bytes, start, end) => {
      if (encoding === 'json') {
        parts.push(bytes.slice(start, end));
        return;
      }
      try {
        reader.push(bytes, start, end);
      } catch (error) {
        throw asMalformed(error);
      }
      page.onTurn();
    },
  });
  if (encoding === 'protobuf') return reader.finish();
  try {
    return readJsonList(Buffer.concat(parts), page.onJson);
  } catch (error) {
    throw asMalformed(error);
  } finally {
    page.onTurn();
  }
}
