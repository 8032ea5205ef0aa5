import { randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { KubeSageError } from '../../kernel/errors.ts';
import { createKeyBox, keylessBox } from './sealed.ts';
import { plainSecretBox, type SecretBox } from './secretBox.ts';

/** The file of the data folder that holds the key, sealed with what scrypt makes of the passphrase. */
const file = 'passphrase.json';
/** scrypt's N: 128 MB and about half a second here for each guess (RFC 7914; OWASP's advice is 2^17, r 8, p 1). */
const usualCost = 2 ** 17;
/** A file that asks for more would only be there to stop the program. */
const highestCost = 2 ** 20;

const Kept = z.object({
  version: z.literal(1),
  kdf: z.literal('scrypt'),
  cost: z.number().int().min(2).max(highestCost),
  salt: z.base64(),
  key: z.base64(),
});

/** The two things of the data folder that are needed, in the shape of platform/settings. */
interface Files {
  read(name: string): Promise<Uint8Array | null>;
  write(name: string, content: Uint8Array | string): Promise<void>;
  remove(name: string): Promise<void>;
}

/**
 * A secret box for where there is no keyring. Until a passphrase is chosen it seals nothing; then everything with a random
 * key, which is stored sealed by the passphrase, so that another passphrase does not need everything sealed anew.
 */
export interface Passphrase extends SecretBox {
  readonly state: 'none' | 'locked' | 'open';
  /** Rejects with `unauthenticated` for another passphrase. */
  unlock(passphrase: string): Promise<void>;
  /** The first one, or another one in place of the one that it was unlocked with. Rejects with `unavailable` while locked. */
  choose(passphrase: string): Promise<void>;
  /** Without one from now on. What it sealed has to be stored anew before. */
  forget(): Promise<void>;
}

/** @param cost scrypt's N, for tests that need not be slow */
export async function createPassphrase(folder: Files, cost = usualCost): Promise<Passphrase> {
  let kept = await read(folder);
  let key: Buffer | undefined;
  const locked = () => (kept instanceof KubeSageError ? kept : waiting());
  return {
    get state() {
      if (kept === undefined) return 'none';
      return key === undefined ? 'locked' : 'open';
    },
    async seal(plain) {
      if (kept === undefined) return plainSecretBox.seal(plain);
      if (key === undefined) throw locked();
      return createKeyBox(key).seal(plain);
    },
    async open(sealed) {
      if (kept === undefined) return keylessBox.open(sealed);
      if (key !== undefined) return createKeyBox(key).open(sealed);
      // What was stored in plain is readable all the same; the rest waits for the passphrase.
      return keylessBox.open(sealed).catch(() => {
        throw locked();
      });
    },
    async unlock(passphrase) {
      if (kept === undefined)
        throw new KubeSageError('notFound', 'There is no passphrase', { hint: 'Nothing is locked.' });
      if (kept instanceof KubeSageError) throw kept;
      const box = createKeyBox(await derive(passphrase, Buffer.from(kept.salt, 'base64'), kept.cost));
      try {
        key = Buffer.from(await box.open(Buffer.from(kept.key, 'base64')), 'base64');
      } catch (error) {
        throw new KubeSageError('unauthenticated', 'This is not the passphrase', {
          hint: 'Try again. If it is lost, remove the protection with what it seals, and paste the kubeconfigs again.',
          cause: error,
        });
      }
    },
    async choose(passphrase) {
      if (kept !== undefined && key === undefined) throw locked();
      const salt = randomBytes(16);
      const next = key ?? randomBytes(32);
      const box = createKeyBox(await derive(passphrase, salt, cost));
      const sealed = Buffer.from(await box.seal(next.toString('base64'))).toString('base64');
      const content = { version: 1, kdf: 'scrypt', cost, salt: salt.toString('base64'), key: sealed } as const;
      await folder.write(file, JSON.stringify(content));
      kept = content;
      key = next;
    },
    async forget() {
      await folder.remove(file);
      kept = undefined;
      key = undefined;
    },
  };
}

/** What is stored; an error where it is damaged, which locks what was sealed and keeps nothing else from working. */
async function read(folder: Files): Promise<z.output<typeof Kept> | KubeSageError | undefined> {
  const bytes = await folder.read(file);
  if (bytes === null) return undefined;
  try {
    return Kept.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    return new KubeSageError(
      'invalid',
      `${file} in the data folder is damaged: pasted kubeconfigs cannot be unlocked`,
      {
        hint: 'Put the file back from a backup, or remove the protection with what it seals and paste them again.',
        cause: error,
      },
    );
  }
}

function waiting(): KubeSageError {
  return new KubeSageError('unavailable', 'Pasted kubeconfigs are locked', {
    hint: 'Unlock them with their passphrase in Settings, Kubeconfig.',
  });
}

function derive(passphrase: string, salt: Uint8Array, cost: number): Promise<Buffer> {
  // Keyboards of different systems write the same letter in different ways.
  const text = passphrase.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, 32, { N: cost, r: 8, p: 1, maxmem: 256 * cost * 8 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
