/** More lines than this are asked about, even where the program asked for pastes to be marked as such. */
const manyLines = 20;

/**
 * A text as it may be pasted: without control characters, of which Escape could end the mark that a program puts around
 * a paste, and run what follows.
 */
export function pastable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu, '');
}

export function linesOf(text: string): number {
  return text.split(/\r\n|\r|\n/u).length;
}

/** Whether a paste is to be asked about: a shell that does not know it for one runs every line but the last. */
export function isRisky(text: string, marked: boolean): boolean {
  return linesOf(text) > (marked ? manyLines : 1);
}
