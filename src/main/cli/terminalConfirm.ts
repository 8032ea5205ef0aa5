import { createInterface } from 'node:readline';
import type { EngineOptions } from '../../core/engine.ts';
import { type Clock, systemClock } from '../../core/kernel/clock.ts';
import { KubeSageError } from '../../core/kernel/errors.ts';

type Confirm = NonNullable<EngineOptions['confirm']>;
type Question = Parameters<Confirm>[0];

/** A question that nobody answers is a no after so long. */
const answerMs = 120_000;

export interface TerminalConfirmOptions {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream;
  /** Hashes that the user agreed to when the server was started (--approve). */
  approved: readonly string[];
  clock?: Clock;
}

/**
 * Asks in the terminal that started the server, which no page can press. One question at a time; everything but "yes" is
 * a no. Where there is no terminal only what was approved with --approve is allowed; the rest rejects with `cancelled`,
 * and the hash to approve is told on the error output.
 */
export function createTerminalConfirm(options: TerminalConfirmOptions): Confirm {
  const { input, output } = options;
  const clock = options.clock ?? systemClock;
  const approved = new Set(options.approved);
  let asking = false;
  return async (question) => {
    if (question.hashes.length > 0 && question.hashes.every((hash) => approved.has(hash))) return true;
    if (input.isTTY !== true) {
      output.write(`${wordsOf(question)}\nNobody can be asked here, so it was not allowed.\n\n`);
      const flags = question.hashes.map((hash) => `--approve ${hash}`).join(' ');
      throw new KubeSageError('cancelled', 'It was not allowed: the server has no terminal to ask in', {
        hint: `Start it with ${flags}, if that is what you want.`,
      });
    }
    // A page that asks again and again must not fill the terminal until somebody slips.
    if (asking) {
      throw new KubeSageError('cancelled', 'Another question waits in the terminal of the server', {
        hint: 'Answer it there first.',
      });
    }
    asking = true;
    try {
      return await ask(question, { input, output, clock });
    } finally {
      asking = false;
    }
  };
}

function ask(
  question: Question,
  { input, output, clock }: Pick<TerminalConfirmOptions, 'input' | 'output'> & { clock: Clock },
): Promise<boolean> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, output, terminal: false });
    const end = (yes: boolean, last: string) => {
      timer.dispose();
      resolve(yes);
      output.write(last);
      // Tells `close`, which comes too late to change the answer.
      lines.close();
    };
    const timer = clock.after(answerMs, () => end(false, '\nNot allowed: nobody answered.\n\n'));
    output.write(`\n${wordsOf(question)}\nType "yes" to allow it: `);
    lines.once('line', (line) => {
      const yes = line.trim().toLowerCase() === 'yes';
      end(yes, yes ? 'Allowed.\n\n' : 'Not allowed.\n\n');
    });
    lines.once('close', () => end(false, ''));
  });
}

function wordsOf({ message, detail, hashes }: Question): string {
  return `${message}\n\n${detail}\n\n${hashes.map((hash) => `hash ${hash}\n`).join('')}`;
}
