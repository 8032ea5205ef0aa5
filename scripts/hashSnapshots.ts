import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './steps.ts';

/** The heap images that Chromium and Node start from. Electron's archive check covers them on no platform. */
const images = ['snapshot_blob.bin', 'v8_context_snapshot.bin'];

/**
 * electron-builder's hook between unpacking Electron and packing the app: writes the hashes of Electron's heap images,
 * which the packaged app compares on Linux when it starts.
 */
export function afterExtract({ appOutDir }: { appOutDir: string }): void {
  const hashes = Object.fromEntries(
    images
      .filter((name) => existsSync(join(appOutDir, name)))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(appOutDir, name)))
          .digest('hex'),
      ]),
  );
  writeFileSync(join(root, 'out', 'main', 'heapImages.json'), `${JSON.stringify(hashes, null, 2)}\n`);
}
