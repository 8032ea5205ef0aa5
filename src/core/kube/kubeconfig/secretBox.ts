/**
 * Keeps pasted kubeconfigs, which hold credentials, unreadable at rest. The desktop gives one on top of the system's
 * keyring. Without one the text is stored as it is, in a file that only the user may read (0600): no worse than the
 * kubeconfig that kubectl reads, and no better.
 */
export interface SecretBox {
  seal(plain: string): Promise<Uint8Array>;
  /** Rejects when the box was sealed by another key. */
  open(sealed: Uint8Array): Promise<string>;
}

export const plainSecretBox: SecretBox = {
  seal: async (plain) => new TextEncoder().encode(plain),
  open: async (sealed) => new TextDecoder('utf-8', { fatal: true }).decode(sealed),
};
