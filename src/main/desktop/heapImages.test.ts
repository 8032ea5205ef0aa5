import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedHeapImage } from './heapImages.ts';

let folder: string;
let list: string;
const image = 'heap of V8';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'heap-'));
  list = join(folder, 'heapImages.json');
  writeFileSync(join(folder, 'snapshot_blob.bin'), image);
  const hash = createHash('sha256').update(image).digest('hex');
  writeFileSync(list, JSON.stringify({ 'snapshot_blob.bin': hash }));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('S2 heap images of the packaged app', () => {
  it('are taken as they were packaged', () => {
    expect(changedHeapImage(folder, list)).toBeUndefined();
  });
  it('are refused with one byte changed, or gone', () => {
    writeFileSync(join(folder, 'snapshot_blob.bin'), 'heap of v8');
    expect(changedHeapImage(folder, list)).toBe('snapshot_blob.bin was changed');
    rmSync(join(folder, 'snapshot_blob.bin'));
    expect(changedHeapImage(folder, list)).toBe('snapshot_blob.bin cannot be read (ENOENT)');
  });
  it('are refused without a list, and with an empty one', () => {
    writeFileSync(list, '{}');
    expect(changedHeapImage(folder, list)).toMatch(/empty/);
    rmSync(list);
    expect(changedHeapImage(folder, list)).toMatch(/cannot be read/);
  });
});
