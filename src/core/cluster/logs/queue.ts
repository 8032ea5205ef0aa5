import type { LogItem } from './contract.ts';

/** Lines that wait at most for whoever reads; older ones are let go, which the next items' `first` shows. */
const mostLines = 200_000;

/** Items on their way to the one who iterates them. */
export class ItemQueue implements AsyncIterable<LogItem> {
  readonly #onReturn: () => void;
  #items: LogItem[] = [];
  #lines = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** @param onReturn the reader has left */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(item: LogItem): void {
    if (this.#ended) return;
    this.#items.push(item);
    if (item.type === 'lines') this.#lines += item.lines.at.length;
    while (this.#lines > mostLines) {
      const oldest = this.#items.findIndex(({ type }) => type === 'lines');
      const [gone] = this.#items.splice(oldest, 1);
      if (gone?.type === 'lines') this.#lines -= gone.lines.at.length;
    }
    this.#wake?.();
  }

  /** What was pushed before still comes. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  [Symbol.asyncIterator](): AsyncIterator<LogItem> {
    return {
      next: async () => {
        while (this.#items.length === 0 && !this.#ended) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
        const value = this.#items.shift();
        if (value === undefined) return { done: true, value: undefined };
        if (value.type === 'lines') this.#lines -= value.lines.at.length;
        return { done: false, value };
      },
      return: async () => {
        this.#onReturn();
        return { done: true, value: undefined };
      },
    };
  }
}
