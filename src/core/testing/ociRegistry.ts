import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OciRegistry {
  /** `127.0.0.1:40123`. */
  host: string;
  /** Repositories with their tags. */
  tags(): Record<string, string[]>;
  close(): Promise<void>;
}

/**
 * A registry on loopback that speaks as much of the OCI distribution specification as pushing and pulling needs: blobs in
 * one piece or in several, manifests by tag and by digest, tags. With `user`, it wants HTTP's basic authentication.
 */
export async function startOciRegistry(user?: { name: string; password: string }): Promise<OciRegistry> {
  const blobs = new Map<string, Buffer>();
  const uploads = new Map<string, Buffer>();
  const manifests = new Map<string, { type: string; body: Buffer }>();
  const tags = new Map<string, Map<string, string>>();
  const wanted = user && `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://registry');
    const method = request.method ?? 'GET';
    const fail = (status: number, code: string) =>
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ errors: [{ code }] }));
    const send = (body: Buffer, type: string) => {
      const head = { 'Content-Type': type, 'Content-Length': body.length, 'Docker-Content-Digest': digestOf(body) };
      response.writeHead(200, head).end(method === 'HEAD' ? undefined : body);
    };
    if (wanted !== undefined && request.headers.authorization !== wanted) {
      response.setHeader('WWW-Authenticate', 'Basic realm="registry"');
      return void fail(401, 'UNAUTHORIZED');
    }
    if (url.pathname === '/v2/') return void response.writeHead(200).end('{}');
    const [, name = '', what, rest = ''] = /^\/v2\/(.+)\/(blobs|manifests|tags)\/(.*)$/.exec(url.pathname) ?? [];
    const body = await bodyOf(request);
    const created = (location: string, digest: string) =>
      response.writeHead(201, { Location: location, 'Docker-Content-Digest': digest }).end();
    if (what === 'blobs' && rest.startsWith('uploads/')) {
      const id = rest.slice('uploads/'.length) || randomUUID();
      const place = `/v2/${name}/blobs/uploads/${id}`;
      const content = Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), body]);
      const digest = url.searchParams.get('digest');
      if (method === 'PUT' && digest !== null) {
        if (digestOf(content) !== digest) return void fail(400, 'DIGEST_INVALID');
        uploads.delete(id);
        blobs.set(digest, content);
        return void created(`/v2/${name}/blobs/${digest}`, digest);
      }
      uploads.set(id, content);
      const range = `0-${Math.max(0, content.length - 1)}`;
      return void response.writeHead(202, { Location: place, Range: range }).end();
    }
    if (what === 'blobs') {
      const blob = blobs.get(rest);
      return void (blob === undefined ? fail(404, 'BLOB_UNKNOWN') : send(blob, 'application/octet-stream'));
    }
    if (what === 'manifests' && method === 'PUT') {
      const digest = digestOf(body);
      manifests.set(`${name}@${digest}`, { type: request.headers['content-type'] ?? '', body });
      if (!rest.startsWith('sha256:')) tags.set(name, (tags.get(name) ?? new Map()).set(rest, digest));
      return void created(`/v2/${name}/manifests/${digest}`, digest);
    }
    if (what === 'manifests') {
      const digest = rest.startsWith('sha256:') ? rest : tags.get(name)?.get(rest);
      const manifest = manifests.get(`${name}@${digest}`);
      return void (manifest === undefined ? fail(404, 'MANIFEST_UNKNOWN') : send(manifest.body, manifest.type));
    }
    if (what === 'tags') {
      const list = { name, tags: [...(tags.get(name)?.keys() ?? [])] };
      return void send(Buffer.from(JSON.stringify(list)), 'application/json');
    }
    fail(404, 'NAME_UNKNOWN');
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    tags: () => Object.fromEntries([...tags].map(([name, known]) => [name, [...known.keys()]])),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
