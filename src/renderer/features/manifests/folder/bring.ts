import type { KubeSageClient } from '../../../client/index.ts';
import type { GivenFile } from './readFiles.ts';

/** Characters of one call: a message may weigh a megabyte. */
const atOnce = 500_000;

interface Part {
  path: string;
  text: string;
  more: boolean;
}

/** Hands files over to the engine, in calls that are small enough. */
export async function bring(client: KubeSageClient, upload: string, files: readonly GivenFile[]): Promise<void> {
  for (const parts of packed(files)) await client.manifests.bring({ upload, files: parts });
}

/** Files in parts, several to a call and large ones over several. */
export function packed(files: readonly GivenFile[]): Part[][] {
  const calls: Part[][] = [];
  let call: Part[] = [];
  let room = atOnce;
  for (const { path, text } of files) {
    let from = 0;
    do {
      if (room <= 0 || call.length === 400) {
        calls.push(call);
        call = [];
        room = atOnce;
      }
      const piece = text.slice(from, from + room);
      call.push({ path, text: piece, more: from > 0 });
      from += piece.length;
      room -= piece.length + path.length;
    } while (from < text.length);
  }
  if (call.length > 0) calls.push(call);
  return calls;
}
