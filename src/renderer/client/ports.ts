import type { Port } from '../../core/kernel/client.ts';
import { KubeSageError } from '../../core/kernel/errors.ts';
import { fromMessagePort } from '../../core/kernel/ports/messagePort.ts';
import { whenOpen } from '../../core/kernel/ports/webSocket.ts';
import { type DesktopBridge, onEngineLost } from './desktop.ts';

const portTimeoutMs = 20_000;

/** A port from the desktop app's main process, straight to the engine. */
export function openDesktopPort(bridge: DesktopBridge): Promise<Port> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      window.removeEventListener('message', receive);
    };
    const timer = setTimeout(() => {
      stop();
      reject(
        new KubeSageError('timeout', 'The engine did not answer', {
          hint: 'It is being started again; its log is in the data folder.',
        }),
      );
    }, portTimeoutMs);
    const receive = (event: MessageEvent<unknown>) => {
      // Only this window posts it: the preload runs in it. Frames and openers are not listened to.
      if (event.source !== window) return;
      const data = event.data;
      if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== 'kubesage:port') return;
      const port = event.ports[0];
      if (port === undefined) return;
      stop();
      resolve(endingWithEngine(fromMessagePort(port)));
    };
    window.addEventListener('message', receive);
    bridge.connect();
  });
}

/** Chromium tells of a closed port only from 122 on; the preload tells when the engine's process ends. */
function endingWithEngine(port: Port): Port {
  const stop = onEngineLost(() => port.dispose());
  port.onClose(stop);
  return port;
}

/** A WebSocket to the server that this page came from. */
export async function openSocketPort(): Promise<Port> {
  await signIn();
  const url = new URL('api/v1/ws', document.baseURI);
  url.hash = '';
  url.search = '';
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  try {
    return await whenOpen(new WebSocket(url));
  } catch (error) {
    throw new KubeSageError('unreachable', 'The server could not be reached', {
      hint: 'If it was started again, open the address with the token that it printed.',
      cause: error,
    });
  }
}

/** Changes the one-time token of the address for a session cookie, and takes it out of the address and the history. */
async function signIn(): Promise<void> {
  const token = /^#token=([\w.~-]+)/u.exec(window.location.hash)?.[1];
  if (token === undefined) return;
  const answer = await fetch(new URL('api/v1/session', document.baseURI), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
    credentials: 'same-origin',
  });
  if (!answer.ok) {
    throw new KubeSageError('unauthenticated', 'The one-time token was not accepted', {
      hint: 'A token works once. Start `kubesage serve` again and open the address that it prints.',
    });
  }
  window.history.replaceState(null, '', '#/');
  window.dispatchEvent(new PopStateEvent('popstate'));
}
