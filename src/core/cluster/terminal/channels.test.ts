import { describe, expect, test } from 'vitest';
import { KubeSageError } from '../../kernel/errors.ts';
import type { Upgraded } from '../../kube/transport/index.ts';
import { Channels, readEnding } from './channels.ts';

function setUp(protocol = 'v5.channel.k8s.io') {
  const sent: number[][] = [];
  const heard: unknown[] = [];
  const socket: Upgraded = {
    protocol,
    waitingBytes: 0,
    onMessage: () => undefined,
    onClose: () => undefined,
    send: (bytes) => sent.push([...bytes]),
    pause: () => undefined,
    resume: () => undefined,
    dispose: () => undefined,
  };
  const channels = new Channels(socket, {
    output: (stream, bytes) => heard.push([stream, new TextDecoder().decode(bytes)]),
    end: (ending) => heard.push(ending),
    lost: (error) => heard.push(error?.message),
  });
  const receive = (channel: number, text: string) => socket.onMessage(Uint8Array.of(channel, ...Buffer.from(text)));
  return { socket, channels, sent, heard, receive };
}

describe('channels', () => {
  test('carry both outputs, and the empty messages of the start are nothing', () => {
    const { receive, heard } = setUp();
    receive(1, '');
    receive(2, '');
    receive(3, '');
    receive(1, 'out');
    receive(2, 'err');
    expect(heard).toEqual([
      ['out', 'out'],
      ['err', 'err'],
    ]);
  });

  test('input goes in pieces, sizes as the server reads them', () => {
    const { channels, sent } = setUp();
    channels.input(new Uint8Array(40_000).fill(65));
    expect(sent.map((message) => [message[0], message.length - 1])).toEqual([
      [0, 16_384],
      [0, 16_384],
      [0, 7_232],
    ]);
    channels.resize({ columns: 132, rows: 43 });
    expect(Buffer.from(sent.at(-1) ?? []).toString()).toBe('\u0004{"Width":132,"Height":43}');
  });

  test('v5 can end the input, v4 cannot', () => {
    const five = setUp();
    expect(five.channels.endInput()).toBe(true);
    expect(five.sent).toEqual([[255, 0]]);
    const four = setUp('v4.channel.k8s.io');
    expect(four.channels.endInput()).toBe(false);
    expect(four.sent).toEqual([]);
  });

  test('an end is told once, and nothing is sent after it', () => {
    const { channels, socket, receive, heard, sent } = setUp();
    receive(3, '{"status":"Success"}');
    socket.onClose(new KubeSageError('unreachable', 'gone'));
    channels.input(Uint8Array.of(65));
    expect(heard).toEqual([{ exitCode: 0 }]);
    expect(sent).toEqual([]);
  });

  test('a connection that goes without an end is lost', () => {
    const { socket, heard } = setUp();
    socket.onClose(new KubeSageError('unreachable', 'torn'));
    expect(heard).toEqual(['torn']);
  });

  test.each([
    ['{"status":"Success"}', { exitCode: 0 }],
    [
      '{"status":"Failure","reason":"NonZeroExitCode","message":"command terminated with exit code 7","details":{"causes":[{"reason":"ExitCode","message":"7"}]}}',
      { exitCode: 7 },
    ],
    [
      '{"status":"Failure","reason":"InternalError","message":"Internal error occurred: error executing command in container: no such container"}',
      { message: 'no such container' },
    ],
    ['plain words\n', { message: 'plain words' }],
    ['{}', { message: 'The server does not say why it ended' }],
  ])('reads %s', (text, ending) => expect(readEnding(text)).toEqual(ending));
});
