import { readFileSync } from 'node:fs';

export interface Access {
  server: string;
  ca: string;
  cert: string;
  key: string;
}

/**
 * Reads a kubeconfig with one cluster and one user, everything inline, as test clusters have it. Words are picked out of
 * the text, so that no YAML parser has to be loaded into a process whose start is measured.
 */
export function readAccess(kubeconfig: string): Access {
  const text = readFileSync(kubeconfig, 'utf8');
  const word = (key: string): string => {
    const found = new RegExp(`[\\s{]${key}: *["']?([^"'\\s,}]+)`).exec(text)?.[1];
    if (found === undefined) throw new Error(`${kubeconfig} has no ${key}`);
    return found;
  };
  const decoded = (key: string): string => Buffer.from(word(key), 'base64').toString();
  return {
    server: word('server'),
    ca: decoded('certificate-authority-data'),
    cert: decoded('client-certificate-data'),
    key: decoded('client-key-data'),
  };
}
