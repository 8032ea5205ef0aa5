/** Written next: the shell stands without it. */
export function Palette() {
  return null;
}
