import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { KubeSageError } from '../../kernel/errors.ts';
import { plainSecretBox, type SecretBox } from './secretBox.ts';

const mark = Buffer.from('KSB1');
const nonceBytes = 12;
const tagBytes = 16;
const head = mark.length + nonceBytes + tagBytes;

/**
 * Seals with AES-256-GCM: the mark, a random nonce, the tag, the text. What was stored before there was a key has no
 * mark and is read as it is; it is sealed the next time that it is written.
 * @param key 32 bytes, kept by the host in the system's keyring
 */
export function createKeyBox(key: Uint8Array): SecretBox {
  return {
    async seal(plain) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([mark, nonce, cipher.getAuthTag(), text]);
    },
    async open(sealed) {
      const bytes = Buffer.from(sealed);
      if (!bytes.subarray(0, mark.length).equals(mark)) return plainSecretBox.open(sealed);
      try {
        const nonce = bytes.subarray(mark.length, mark.length + nonceBytes);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce);
        decipher.setAuthTag(bytes.subarray(mark.length + nonceBytes, head));
        return Buffer.concat([decipher.update(bytes.subarray(head)), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new KubeSageError('invalid', 'A pasted kubeconfig cannot be read: it was sealed with another key', {
          hint: "The system's keyring was reset, or the data folder comes from another computer. Paste it again.",
          cause: error,
        });
      }
    },
  };
}

/** Without a key: what an earlier session sealed is refused in words, all else is stored as it is. */
export const keylessBox: SecretBox = {
  seal: plainSecretBox.seal,
  async open(sealed) {
    if (!Buffer.from(sealed).subarray(0, mark.length).equals(mark)) return plainSecretBox.open(sealed);
    throw new KubeSageError('unavailable', "A pasted kubeconfig is sealed, and the system's keyring is not there", {
      hint: 'Unlock the keyring and start the desktop again, or paste it again.',
    });
  },
};
