import { type KubeSageClient, toError } from '../../client/index.ts';
import { saveText } from '../../ui/download.ts';

/** More than this is not held in a page: 10 hours of a busy terminal. */
const mostLength = 64 * 1024 * 1024;

/** A whole recording. Rejects as the engine does, and with `tooLarge` beyond what a page holds. */
export async function readRecording(client: KubeSageClient, key: string, cancelled: () => boolean): Promise<string> {
  const parts: string[] = [];
  let length = 0;
  for (let offset: number | undefined = 0; offset !== undefined && !cancelled(); ) {
    const part: { text: string; next?: number | undefined } = await client.recordings.part({ key, offset });
    parts.push(part.text);
    length += part.text.length;
    if (length > mostLength) break;
    offset = part.next;
  }
  return parts.join('');
}

/** Hands a recording to the host as a file. */
export async function saveRecording(client: KubeSageClient, key: string): Promise<void> {
  saveText(`${key}.cast`, 'application/x-asciicast', await readRecording(client, key, () => false));
}

export function reasonOf(error: unknown): string {
  return toError(error).message;
}
