/** The line of the error output that names the error, with how the process ended. */
export function reasonOf(how: string, lastWords: string): string {
  const lines = lastWords.split('\n').map((line) => line.trim());
  const error = lines.find((line) => /^(\w*Error|FATAL ERROR)\b/.test(line));
  return error === undefined ? `The engine ended (${how})` : `The engine ended (${how}): ${error.slice(0, 300)}`;
}
