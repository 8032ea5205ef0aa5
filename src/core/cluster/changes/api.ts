import type { Implementations, LiveSource, LiveState } from '../../kernel/contract.ts';
import { Emitter } from '../../kernel/emitter.ts';
import type { Changes } from './changes.ts';
import type { changes, Run } from './contract.ts';

export function changesApi(all: Changes): Implementations<typeof changes> {
  return {
    runs: () => new RunsSource(all),
    cancel({ run }) {
      all.cancel(run);
      return {};
    },
    wayBack: ({ run }) => all.wayBack(run),
    undo: ({ run, confirmed }, { principal }) => ({ run: all.undo(run, { principal, confirmed }) }),
  };
}

class RunsSource implements LiveSource<{ running: number }, Run> {
  readonly #changes: Changes;
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  readonly #subscription;
  #rev = 0;

  constructor(all: Changes) {
    this.#changes = all;
    this.#subscription = all.onChange(() => {
      this.#rev++;
      this.#changed.fire();
    });
  }

  read(): LiveState<{ running: number }, Run> {
    const rows = this.#changes.runs();
    return { rev: this.#rev, head: { running: rows.filter(({ state }) => state === 'running').length }, rows };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
