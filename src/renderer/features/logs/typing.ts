/** Whether what has the focus takes letters. */
export function isTypingIn(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}
