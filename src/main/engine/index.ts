// The engine's process: beneath Electron a utility process, or a Node of its own with an IPC channel.
import { parseArgs } from 'node:util';
import type { EngineOptions } from '../../core/engine.ts';
import type { Port } from '../../core/kernel/client.ts';
import { fromMessagePortMain, type MessagePortMainLike } from '../../core/kernel/ports/messagePort.ts';
import { startEngine } from '../program.ts';
import { type Asking, type ChildMessage, createChildPorts } from './childPorts.ts';
import { spawnPty } from './pty.ts';

interface ParentPort {
  postMessage(message: Asking): void;
  on(event: 'message', listener: (event: { data: ChildMessage; ports: MessagePortMainLike[] }) => void): void;
}

const { values } = parseArgs({ options: { data: { type: 'string' }, demo: { type: 'boolean', default: false } } });
const { parentPort } = process as unknown as { parentPort?: ParentPort };

// Windows may connect before the engine is there: they wait here.
const waiting: Port[] = [];
let accept = (port: Port): void => void waiting.push(port);
let stop = (): void => process.exit(0);
let start = (_sealKey: Uint8Array | undefined): void => undefined;
const started = new Promise<Uint8Array | undefined>((resolve) => {
  start = resolve;
});

const answers = new Map<number, (yes: boolean) => void>();
let lastQuestion = 0;
/** The user is asked by the desktop, in a dialog that no page can press. */
const confirm: EngineOptions['confirm'] = ({ message, detail }) =>
  new Promise((resolve) => {
    const id = ++lastQuestion;
    answers.set(id, resolve);
    const asking: Asking = { type: 'ask', id, message, detail };
    if (parentPort !== undefined) parentPort.postMessage(asking);
    else process.send?.(asking);
  });
const answered = (id: number, yes: boolean): void => {
  answers.get(id)?.(yes);
  answers.delete(id);
};

if (parentPort !== undefined) {
  parentPort.on('message', ({ data, ports }) => {
    if (data.type === 'start') start(data.sealKey);
    else if (data.type === 'stop') stop();
    else if (data.type === 'answer') answered(data.id, data.yes);
    else if (data.type === 'connect') for (const port of ports) accept(fromMessagePortMain(port));
  });
} else if (process.send !== undefined) {
  const ports = createChildPorts(
    (message) => process.send?.(message),
    (port) => accept(port),
  );
  process.on('message', (message: ChildMessage) => {
    if (message.type === 'start') start(message.sealKey);
    else if (message.type === 'stop') stop();
    else if (message.type === 'answer') answered(message.id, message.yes);
    else ports.receive(message);
  });
  // Without its desktop the engine has nobody to serve.
  process.on('disconnect', () => stop());
} else {
  process.stderr.write('The engine is started by the desktop. To have it without one: kubesage serve\n');
  process.exit(2);
}

const engine = await startEngine({
  host: 'electron',
  dataFolder: values.data,
  demo: values.demo ? 'always' : 'auto',
  sealKey: await started,
  confirm,
  spawnPty,
});
stop = () => void engine.close().then(() => process.exit(0));
accept = (port) => void engine.server.accept(port, { id: 'local', name: 'Local user' });
for (const port of waiting.splice(0)) accept(port);
