import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { KubeSageError } from '../../kernel/errors.ts';

const unzip = promisify(gunzip);
const block = 512;
/** A packed chart is seldom more than a megabyte; what unpacks to more than this is not one. */
const mostBytes = 128 * 1024 * 1024;

/**
 * The files of a packed chart (a tar archive, zipped) by their path below the chart's own folder, such as `Chart.yaml`.
 * Links and everything else that is no plain file is left out. Rejects with `invalid`.
 */
export async function readArchive(bytes: Uint8Array): Promise<Map<string, Buffer>> {
  let tar: Buffer;
  try {
    tar = await unzip(bytes, { maxOutputLength: mostBytes });
  } catch (cause) {
    throw new KubeSageError('invalid', 'It is no packed chart', { cause, hint: 'A chart is packed as .tgz.' });
  }
  const files = new Map<string, Buffer>();
  let longName = '';
  for (let at = 0; at + block <= tar.length; ) {
    const header = tar.subarray(at, at + block);
    if (header[0] === 0) break;
    const size = Number.parseInt(text(header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || at + block + size > tar.length) {
      throw new KubeSageError('invalid', 'The packed chart is damaged', { hint: 'Fetch it again.' });
    }
    const content = tar.subarray(at + block, at + block + size);
    const type = String.fromCharCode(header[156] ?? 0);
    at += block + Math.ceil(size / block) * block;
    if (type === 'x') longName = paxPath(content.toString('utf8')) ?? longName;
    else if (type === 'L') longName = text(content, 0, size);
    else {
      const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
      const name = longName || (prefix === '' ? text(header, 0, 100) : `${prefix}/${text(header, 0, 100)}`);
      longName = '';
      const inside = name.replace(/^\.\//, '').replace(/^[^/]*\//, '');
      if ((type === '0' || type === '\0') && inside !== '') files.set(inside, content);
    }
  }
  return files;
}

function text(bytes: Buffer, from: number, length: number): string {
  const part = bytes.subarray(from, from + length);
  const end = part.indexOf(0);
  return part.subarray(0, end === -1 ? length : end).toString('utf8');
}

/** Of records as `27 path=chart/README.md\n`. */
function paxPath(records: string): string | undefined {
  return /^\d+ path=(.*)$/m.exec(records)?.[1];
}
