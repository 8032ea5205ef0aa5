import { spawn } from '@lydell/node-pty';
import type { SpawnPty } from '../../core/kube/shell/index.ts';

/** Pseudo terminals of this computer: for the desktop's engine, and for no other host. */
export const spawnPty: SpawnPty = (program, { args, env, folder, columns, rows }) => {
  // As text, and not as bytes: it tells the terminal's driver as well, which then erases whole characters.
  const pty = spawn(program, [...args], { name: 'xterm-256color', cols: columns, rows, cwd: folder, env: { ...env } });
  return {
    // The types know text only; what it is given goes to a socket as it is.
    write: (bytes) => pty.write(Buffer.from(bytes) as unknown as string),
    resize: (columns, rows) => pty.resize(columns, rows),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    kill(hard) {
      // Windows knows no signals: its pseudo terminal is closed, and with it what runs in it.
      if (process.platform === 'win32') pty.kill();
      else pty.kill(hard ? 'SIGKILL' : 'SIGHUP');
    },
    onData: (listener) => void pty.onData((text) => listener(Buffer.from(text))),
    onExit: (listener) =>
      void pty.onExit(({ exitCode, signal }) => listener({ exitCode, signal: signal || undefined })),
  };
};
