import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KubeSageError } from '../../kernel/errors.ts';
import { type ResponseHead, ResponseReader, requestHead } from './http1.ts';

interface Read {
  heads: ResponseHead[];
  body: string;
  ended: boolean | undefined;
  used: number;
}

function read(bytes: Uint8Array, cuts: readonly number[] = []): { read: Read; reader: ResponseReader } {
  const result: Read = { heads: [], body: '', ended: undefined, used: 0 };
  const reader = new ResponseReader({
    onHead: (head) => result.heads.push(head),
    onBody: (part, start, end) => {
      result.body += Buffer.from(part.subarray(start, end)).toString('latin1');
    },
    onEnd: (reusable) => {
      result.ended = reusable;
    },
  });
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    result.used += reader.read(bytes.slice(from, to), 0, to - from);
    from = to;
  }
  return { read: result, reader };
}

const chunked = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n';

describe('ResponseReader', () => {
  test('reads a chunked body with extensions and trailers, cut anywhere', () => {
    const bytes = Buffer.from(`${chunked}5\r\nhello\r\n6;name=value\r\n world\r\n0\r\nTrailer: x\r\n\r\n`);
    const cuts = fc.array(fc.nat({ max: bytes.length })).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(cuts, (at) => {
        const { read: result } = read(bytes, at);
        expect(result).toEqual({
          heads: [{ status: 200, headers: { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' } }],
          body: 'hello world',
          ended: true,
          used: bytes.length,
        });
      }),
    );
  });

  test('reads a body of a known length and leaves what follows', () => {
    const { read: result } = read(Buffer.from('HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1'));
    expect(result).toMatchObject({ body: 'abc', ended: true });
    expect(result.used).toBe('HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nabc'.length);
  });

  test('a body without a length ends with the connection, which is then not used again', () => {
    const { read: result, reader } = read(Buffer.from('HTTP/1.0 200 OK\r\n\r\nall of it'));
    expect(result.ended).toBeUndefined();
    expect(reader.close()).toBe(true);
    expect(result).toMatchObject({ body: 'all of it', ended: false });
  });

  test('a chunked body that the connection cuts off did not end', () => {
    expect(read(Buffer.from(`${chunked}5\r\nhel`)).reader.close()).toBe(false);
  });

  test('skips informational answers and joins repeated headers', () => {
    const { read: result } = read(
      Buffer.from(
        'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\nWarning: a\r\nwarning: b\r\n\r\n',
      ),
    );
    expect(result.heads).toEqual([{ status: 204, headers: { warning: 'a, b' } }]);
    expect(result.ended).toBe(true);
  });

  test('Connection: close ends the reuse', () => {
    expect(read(Buffer.from('HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n')).read.ended).toBe(
      false,
    );
  });

  test.each([
    'SSH-2.0-OpenSSH_9.9\r\n',
    'HTTP/2 200\r\n',
    'HTTP/1.1 200 OK\r\nno colon\r\n',
    'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n',
    `${chunked}zz\r\n`,
    `${chunked}1\r\nab\r\n`,
  ])('refuses %j', (text) => {
    expect(() => read(Buffer.from(text))).toThrow(KubeSageError);
  });

  test('never reads beyond its limit for a header, and never throws anything else at any bytes', () => {
    expect(() => read(Buffer.from(`HTTP/1.1 200 OK\r\n${'a'.repeat(300_000)}`))).toThrow('longer than 256 KiB');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, withHead) => {
        try {
          read(withHead ? Buffer.concat([Buffer.from(chunked), noise]) : noise);
        } catch (error) {
          expect(error).toBeInstanceOf(KubeSageError);
        }
      }),
    );
  });
});

describe('requestHead', () => {
  test('writes what was given', () => {
    expect(requestHead('GET', '/api?watch=true', [['Host', 'a:1']])).toBe(
      'GET /api?watch=true HTTP/1.1\r\nHost: a:1\r\n\r\n',
    );
  });

  test.each([
    ['GET', '/a b', 'Host', 'x'],
    ['GET', '/a\r\nX: y', 'Host', 'x'],
    ['GET', '/a', 'Bad Name', 'x'],
    ['GET', '/a', 'Impersonate-User', 'x\r\nAuthorization: y'],
  ])('refuses what would smuggle another line: %j', (method, path, name, value) => {
    expect(() => requestHead(method, path, [[name, value]])).toThrow(KubeSageError);
  });
});
