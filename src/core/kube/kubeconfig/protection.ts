import { KubeSageError } from '../../kernel/errors.ts';
import type { SourceStore } from './kubeconfig.ts';
import type { Passphrase } from './passphrase.ts';
import { plainSecretBox, type SecretBox } from './secretBox.ts';

/** How pasted kubeconfigs are kept: `nothing` is a file that only the user may read (0600). */
export interface ProtectionState {
  by: 'keyring' | 'passphrase' | 'nothing';
  locked: boolean;
}

/** The choice of how pasted kubeconfigs are kept, where the host has no keyring for them. */
export interface Protection {
  readonly box: SecretBox;
  state(): ProtectionState;
  unlock(passphrase: string): Promise<void>;
  /** Seals everything that was pasted with a passphrase, or changes it. */
  protect(passphrase: string): Promise<void>;
  /** Keeps them as plain files again. Locked, what is sealed can only be thrown away, and only when that is asked for. */
  unprotect(discard: boolean): Promise<void>;
}

/** @param keyring the box of the system's keyring, which is used unless there is a passphrase */
export function createProtection(
  keyring: SecretBox | undefined,
  passphrase: Passphrase,
  store: SourceStore,
): Protection {
  const byKeyring = keyring !== undefined && passphrase.state === 'none';
  const pasted = () => store.read().filter(({ kind }) => kind === 'pasted');
  const readAll = async (): Promise<Map<string, string>> => {
    const texts = new Map<string, string>();
    for (const { id } of pasted()) {
      const stored = await store.readText(id);
      if (stored !== null) texts.set(id, await passphrase.open(stored));
    }
    return texts;
  };
  const noPassphrase = () => {
    if (!byKeyring) return;
    throw new KubeSageError('conflict', "Pasted kubeconfigs are sealed by the system's keyring", {
      hint: 'A passphrase is for systems without one.',
    });
  };
  return {
    box: byKeyring ? keyring : passphrase,
    state: () => ({
      by: byKeyring ? 'keyring' : passphrase.state === 'none' ? 'nothing' : 'passphrase',
      locked: !byKeyring && passphrase.state === 'locked',
    }),
    unlock: (text) => passphrase.unlock(text),
    async protect(text) {
      noPassphrase();
      const before = passphrase.state;
      const texts = before === 'none' ? await readAll() : new Map<string, string>();
      await passphrase.choose(text);
      // Interrupted here, those that are not sealed yet are still read as they are.
      for (const [id, plain] of texts) await store.saveText(id, await passphrase.seal(plain));
    },
    async unprotect(discard) {
      noPassphrase();
      if (passphrase.state === 'locked') {
        if (!discard) await passphrase.seal('');
        const lost = new Set<string>();
        for (const { id } of pasted()) {
          const stored = await store.readText(id);
          if (stored === null) continue;
          await passphrase.open(stored).catch(() => lost.add(id));
        }
        await store.save(store.read().filter(({ id }) => !lost.has(id)));
        for (const id of lost) await store.removeText(id);
      } else {
        for (const [id, plain] of await readAll()) await store.saveText(id, await plainSecretBox.seal(plain));
      }
      await passphrase.forget();
    },
  };
}
