import { readFileSync } from 'node:fs';

/** What precedes the fuses in every Electron binary: https://www.electronjs.org/docs/latest/tutorial/fuses */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The fuses in the order of the wire, as electron-builder's `electronFuses` names them. */
const names = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const;

export type FuseName = (typeof names)[number];
export type Fuses = Partial<Record<FuseName, boolean>>;

/**
 * The fuses of an Electron binary. One that its wire does not have, or that this Electron has removed, is left out.
 * A universal binary has the wire twice: a fuse counts as on when it is on in either and is left out only when in both.
 * @throws when the file has no wire of version 1
 */
export function readFuses(file: string): Fuses {
  const binary = readFileSync(file);
  const found: Fuses = {};
  let at = binary.indexOf(sentinel);
  if (at === -1) throw new Error(`${file} has no fuses: it is no Electron binary`);
  for (; at !== -1; at = binary.indexOf(sentinel, at + 1)) {
    const start = at + sentinel.length;
    const version = binary[start];
    if (version !== 1) throw new Error(`${file} has fuses of version ${version}; only version 1 is known`);
    const length = binary[start + 1] ?? 0;
    for (const [index, name] of names.slice(0, length).entries()) {
      const state = String.fromCharCode(binary[start + 2 + index] ?? 0);
      if (state === '0' || state === '1') found[name] = found[name] === true || state === '1';
    }
  }
  return found;
}

/** What of the wanted fuses a binary has set otherwise, in words; those that it does not have are not its fault. */
export function wrongFuses(wanted: Fuses, found: Fuses): string[] {
  return names
    .filter((name) => wanted[name] !== undefined && found[name] !== undefined && wanted[name] !== found[name])
    .map((name) => `${name} is ${found[name] ? 'on' : 'off'}`);
}
