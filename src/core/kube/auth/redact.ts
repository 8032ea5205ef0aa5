/**
 * Makes a program's output fit to be shown: whatever has the shape of a secret, or is one of the given values, becomes
 * `[redacted]`. Control characters go too, since the text ends in a window or a terminal.
 * @param secrets exact values that must not appear, such as variables that the kubeconfig sets.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text
    // Escape sequences of terminals (CSI, OSC), then the remaining control characters but newline and tab.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])/g, '')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    .replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, '');
  // The longest first, so that a value that contains another one is replaced as a whole.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length >= 6) clean = clean.replaceAll(secret, mark);
  }
  for (const [shape, replacement] of shapes) clean = clean.replace(shape, replacement);
  return clean;
}

const mark = '[redacted]';

const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, mark],
  // JSON Web Tokens: base64url of `{"` starts with eyJ.
  [/\beyJ[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*){0,2}/g, mark],
  [/\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b/g, mark],
  [
    /\b(?:k8s-aws-v1\.|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|ya29\.|sk-|hvs\.|dop_v1_|sha256~)[A-Za-z0-9_\-.]{8,}/g,
    mark,
  ],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9+/_\-.=~]{6,}/gi, `$1 ${mark}`],
  // user:password@ in a URL.
  [/(:\/\/[^/\s:@]*):[^/\s@]+@/g, `$1:${mark}@`],
  [
    /((?:access|refresh|id|session|bearer|auth|api)?[_-]?(?:token|secret|password|passwd|pwd|api[_-]?key|access[_-]?key|client[_-]?key|credentials?|assertion)(?:[_-]?(?:id|data|key|value))?["']?\s*[=:]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&"']+)/gi,
    `$1${mark}`,
  ],
  // Base64 with slashes in it: capitals and digits are more than paths have.
  [
    /(?<![A-Za-z0-9_/.+-])(?=(?:[a-z0-9+/]*[A-Z]){5})(?=(?:[A-Za-z/]*[0-9+]){2})[A-Za-z0-9+][A-Za-z0-9+/]{39,}={0,2}/g,
    mark,
  ],
  // Long unbroken runs of base64 or hexadecimal that have letters and digits: paths are cut by their slashes first.
  [/(?<![A-Za-z0-9_/.-])(?=[A-Za-z0-9+_=-]*\d)(?=[A-Za-z0-9+_=-]*[A-Za-z])[A-Za-z0-9+_=-]{40,}/g, mark],
];
