import { extname, join, normalize, sep } from 'node:path';

/**
 * The file that an app URL names, or undefined when it lies outside the folder or on another host. Addresses without a
 * file ending are routes of the page: they get the page.
 */
export function fileOf(folder: string, address: string): string | undefined {
  const url = new URL(address);
  if (url.host !== 'kubesage') return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  if (path.includes('\0')) return undefined;
  const file = normalize(join(folder, extname(path) === '' ? 'index.html' : path));
  return file.startsWith(normalize(folder) + sep) ? file : undefined;
}
