import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** The system's keyring: what it seals opens again while it is the same one. */
const keyring = vi.hoisted(() => ({ available: true, backend: 'gnome_libsecret', name: 'first' }));
vi.mock('electron', () => ({
  safeStorage: {
    isEncryptionAvailable: () => keyring.available,
    getSelectedStorageBackend: () => keyring.backend,
    encryptString: (text: string) => Buffer.from(`${keyring.name}:${Buffer.from(text).toString('hex')}`),
    decryptString(sealed: Buffer) {
      const [name, hex] = sealed.toString().split(':');
      if (name !== keyring.name || hex === undefined) throw new Error('Error while decrypting');
      return Buffer.from(hex, 'hex').toString();
    },
  },
}));
const { readSealKey } = await import('./sealKey.ts');

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seal-'));
  path = join(folder, 'deep', 'seal.key');
  Object.assign(keyring, { available: true, backend: 'gnome_libsecret', name: 'first' });
});
afterEach(() => rmSync(folder, { recursive: true }));

it('S8 makes a key once, sealed and readable by the user alone', () => {
  const key = readSealKey(path);
  expect(key).toHaveLength(32);
  expect(readSealKey(path)).toEqual(key);
  expect(readFileSync(path).includes(Buffer.from(key ?? []))).toBe(false);
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
});

it.skipIf(process.platform !== 'linux')('S8 refuses a keyring that only pretends, and leaves no key behind', () => {
  keyring.backend = 'basic_text';
  expect(readSealKey(path)).toBeUndefined();
  expect(() => statSync(path)).toThrow('ENOENT');
});

it('S8 has no key without a keyring', () => {
  keyring.available = false;
  expect(readSealKey(path)).toBeUndefined();
});

it('S8 makes another key when the keyring is another one, or the file is damaged', () => {
  const first = readSealKey(path);
  keyring.name = 'second';
  const second = readSealKey(path);
  expect(second).toHaveLength(32);
  expect(second).not.toEqual(first);
  writeFileSync(path, 'damaged');
  expect(readSealKey(path)).toHaveLength(32);
  expect(readSealKey(path)).not.toEqual(second);
});
