import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { protocol } from 'electron';
import { fileOf } from './files.ts';

/** The only origin that windows load. */
export const appOrigin = 'app://kubesage';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/**
 * No script but the app's own, no connection to anywhere: the engine is reached over a port. Styles may be inline
 * because the editor sets them on elements (its scripts are plain files).
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = (type: string): Record<string, string> => ({
  'content-type': type,
  'content-security-policy': contentSecurityPolicy,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // A name that a page has looked up ahead of time is a message to whoever serves that name.
  'x-dns-prefetch-control': 'off',
});

/** Must run before the app is ready: the scheme counts as secure and standard, and may not bypass the policy. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the renderer's files, and nothing outside their folder, under `app://kubesage/`. */
export function serveApp(folder: string): void {
  if (typeof protocol.handle === 'function') {
    protocol.handle('app', async (request) => {
      const found = await read(folder, request.url);
      return new Response(found === undefined ? 'Not found' : new Uint8Array(found.body), {
        status: found === undefined ? 404 : 200,
        headers: headers(found?.type ?? 'text/plain'),
      });
    });
    return;
  }
  // Electron before 25 has no protocol.handle.
  protocol.registerBufferProtocol('app', (request, callback) => {
    void read(folder, request.url).then((found) => {
      if (found === undefined)
        callback({ statusCode: 404, headers: headers('text/plain'), data: Buffer.from('Not found') });
      else callback({ statusCode: 200, headers: headers(found.type), mimeType: found.type, data: found.body });
    });
  });
}

/** @returns the file of an app URL, or undefined when there is none or it lies outside the folder. */
async function read(folder: string, address: string): Promise<{ body: Buffer; type: string } | undefined> {
  const path = fileOf(folder, address);
  if (path === undefined) return undefined;
  try {
    return { body: await readFile(path), type: mediaTypes[extname(path)] ?? 'application/octet-stream' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'EISDIR')
      return undefined;
    throw error;
  }
}
