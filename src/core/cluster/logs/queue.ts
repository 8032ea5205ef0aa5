import type { BoundedItems } from '../../kernel/contract.ts';
import type { LogItem } from './contract.ts';

/** Lines that wait at most for whoever reads; older ones are let go, which the next items' `first` shows. */
const mostLines = 200_000;
const mostCharacters = 64 * 1024 * 1024;

/** Items on their way to the one who iterates them. */
export class ItemQueue implements BoundedItems<LogItem> {
  readonly bounded = true;
  readonly #onReturn: () => void;
  #items: LogItem[] = [];
  #lines = 0;
  #characters = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** @param onReturn the reader has left */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(item: LogItem): void {
    if (this.#ended) return;
    this.#items.push(item);
    this.#count(item, 1);
    while (this.#lines > mostLines || this.#characters > mostCharacters) {
      const oldest = this.#items.findIndex(({ type }) => type === 'lines');
      const [gone] = this.#items.splice(oldest, 1);
      if (gone !== undefined) this.#count(gone, -1);
    }
    this.#wake?.();
  }

  /** What was pushed before still comes. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  #count(item: LogItem, sign: 1 | -1): void {
    if (item.type !== 'lines') return;
    this.#lines += sign * item.lines.at.length;
    for (const text of item.lines.text) this.#characters += sign * text.length;
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
        this.#count(value, -1);
        return { done: false, value };
      },
      return: async () => {
        this.#onReturn();
        return { done: true, value: undefined };
      },
    };
  }
}
