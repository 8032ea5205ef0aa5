import type { KubeSageError } from '../../kernel/errors.ts';
import type { LocalShell } from '../../kube/shell/index.ts';
import type { TerminalSize } from './contract.ts';

/** How the program at the other side ended. */
export interface Ending {
  /** Absent when it could not be started or nobody says. */
  exitCode?: number;
  /** The server's words where it is no plain exit. */
  message?: string;
}

export interface LineEvents {
  output(stream: 'out' | 'err', bytes: Uint8Array): void;
  /** Once: the program has ended. */
  end(ending: Ending): void;
  /** Once, in place of `end`: the connection is gone and nobody knows how the program is. */
  lost(error: KubeSageError | undefined): void;
}

/** What a terminal's keys go into, and its output comes from. */
export interface Line {
  /** Bytes that the other side has not taken yet. */
  readonly waitingBytes: number;
  input(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Says whether it could be told. */
  endInput(): boolean;
  pause(): void;
  resume(): void;
  dispose(): void;
}

/** The line to a shell on this computer. Its end is kept in `endings` until nothing of it is left. */
export function localLine(shell: LocalShell, events: LineEvents, endings: Set<Promise<unknown>>): Line {
  const { pty } = shell;
  let over = false;
  const gone = () => {
    const ending = shell.end();
    endings.add(ending);
    void ending.finally(() => endings.delete(ending));
  };
  pty.onData((bytes) => !over && events.output('out', bytes));
  pty.onExit(({ exitCode, signal }) => {
    if (over) return;
    over = true;
    gone();
    events.end(signal === undefined ? { exitCode } : { message: `Ended by signal ${signal}` });
  });
  return {
    // The system holds back what is typed as it needs to.
    waitingBytes: 0,
    input: (bytes) => !over && pty.write(bytes),
    resize: ({ columns, rows }) => !over && pty.resize(columns, rows),
    endInput: () => false,
    pause: () => !over && pty.pause(),
    resume: () => !over && pty.resume(),
    dispose() {
      if (over) return;
      over = true;
      gone();
    },
  };
}
