import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A packaged app under way. Its fuses close it to Playwright, so that its page is asked over Chromium's own protocol. */
export interface PackagedApp {
  child: ChildProcess;
  /** The value of an expression in the page, by value; promises are waited for. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function startPackaged(binary: string): Promise<PackagedApp> {
  const data = mkdtempSync(join(tmpdir(), 'kubesage-packaged-'));
  const child = spawn(binary, ['--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'], {
    env: { ...process.env, KUBECONFIG: '', HOME: data, KUBESAGE_DATA: data, KUBESAGE_NODE: process.execPath },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const close = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 12_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const address = await debuggerOf(child);
    const socket = await pageSocket(address);
    let last = 0;
    const evaluate = (expression: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const id = ++last;
        const hear = ({ data: text }: MessageEvent<string>) => {
          const message = JSON.parse(text) as {
            id?: number;
            error?: unknown;
            result?: { result: { value?: unknown } };
          };
          if (message.id !== id) return;
          socket.removeEventListener('message', hear);
          if (message.error === undefined) resolve(message.result?.result.value);
          else reject(new Error(JSON.stringify(message.error)));
        };
        socket.addEventListener('message', hear);
        const params = { expression, returnByValue: true, awaitPromise: true };
        socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
      });
    return {
      child,
      evaluate,
      async close() {
        socket.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The debugger's address out of what Chromium says: `http://127.0.0.1:PORT`. */
function debuggerOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`);
    });
    child.once('exit', (code) => reject(new Error(`The app ended with ${code}: ${said.slice(-2000)}`)));
  });
}

async function pageSocket(address: string): Promise<WebSocket> {
  for (let attempt = 0; ; attempt++) {
    const targets = (await (await fetch(`${address}/json/list`)).json()) as {
      type: string;
      webSocketDebuggerUrl: string;
    }[];
    const page = targets.find(({ type }) => type === 'page');
    if (page !== undefined) {
      const socket = new WebSocket(page.webSocketDebuggerUrl);
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve);
        socket.addEventListener('error', reject);
      });
      return socket;
    }
    if (attempt === 100) throw new Error('The app opened no window');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
