import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { safeStorage } from 'electron';

const keyBytes = 32;

/**
 * The key that seals pasted kubeconfigs, itself sealed by the system's keyring; made when there is none. Undefined where
 * the system has no keyring: Electron would then only pretend (`basic_text`: a fixed password), which is refused.
 */
export function readSealKey(path: string): Uint8Array | undefined {
  if (!hasKeyring()) return undefined;
  try {
    const key = Buffer.from(safeStorage.decryptString(readFileSync(path)), 'base64');
    if (key.length === keyBytes) return key;
  } catch {
    // None yet, or of another keyring: what it sealed cannot be read any more, and is said so where it is read.
  }
  const key = randomBytes(keyBytes);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, safeStorage.encryptString(key.toString('base64')), { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return key;
}

function hasKeyring(): boolean {
  if (!safeStorage.isEncryptionAvailable()) return false;
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend?.() !== 'basic_text';
}
