/** Longest expression that is taken. */
const longestPattern = 200;
/** Longest text that an expression is tried on; the rest of a text is not looked at. */
const longestText = 512;
/** Repetitions that can each match any length: with 3 of them the work is at most cubic in the text's length. */
const mostRepetitions = 3;
/** Optional parts double the work each. */
const mostOptional = 8;

export type Pattern = { test(text: string): boolean } | { problem: string };

/**
 * Compiles a regular expression that cannot run away. JavaScript's engine tries alternatives one after the other, so
 * what makes that exponential is refused: repetitions of what repeats or chooses itself, references back, and
 * conditions on what follows. Letters match in both cases.
 */
export function compilePattern(source: string): Pattern {
  if (source.length > longestPattern) return { problem: `An expression may have ${longestPattern} characters at most` };
  const danger = findDanger(source);
  if (danger !== undefined) return { problem: danger };
  let expression: RegExp;
  try {
    expression = new RegExp(source, 'iu');
  } catch {
    try {
      // Without `u`, an escape such as `\-` is a plain character, as in most other places where people learned it.
      expression = new RegExp(source, 'i');
    } catch (error) {
      const reason =
        error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
      return { problem: `This is no regular expression: ${reason}` };
    }
  }
  return { test: (text) => expression.test(text.length > longestText ? text.slice(0, longestText) : text) };
}

interface Level {
  /** It holds a repetition or a choice, so that repeating it could be exponential. */
  branches: boolean;
}

function findDanger(source: string): string | undefined {
  const levels: Level[] = [{ branches: false }];
  let repetitions = 0;
  let optional = 0;
  /** What the next quantifier would repeat. */
  let previous: 'nothing' | 'plain' | 'branching' = 'nothing';
  for (let at = 0; at < source.length; at++) {
    const character = source[at] as string;
    const level = levels[levels.length - 1] as Level;
    if (character === '\\') {
      const next = source[at + 1] ?? '';
      if (/[1-9k]/.test(next)) return 'References back to a group are not supported';
      at++;
      previous = 'plain';
    } else if (character === '[') {
      at++;
      if (source[at] === '^') at++;
      for (let first = true; at < source.length && (first || source[at] !== ']'); at++, first = false) {
        if (source[at] === ']' && first) break;
        if (source[at] === '\\') at++;
      }
      previous = 'plain';
    } else if (character === '(') {
      if (/^\?(?:[=!]|<[=!])/.test(source.slice(at + 1)))
        return 'Conditions on what follows or precedes are not supported';
      const prefix = /^\?(?::|<[A-Za-z_]\w*>)/.exec(source.slice(at + 1));
      if (prefix !== null) at += prefix[0].length;
      else if (source[at + 1] === '?') return 'This kind of group is not supported';
      levels.push({ branches: false });
      previous = 'nothing';
    } else if (character === ')') {
      if (levels.length > 1) levels.pop();
      const outer = levels[levels.length - 1] as Level;
      outer.branches ||= level.branches;
      previous = level.branches ? 'branching' : 'plain';
    } else if (character === '|') {
      level.branches = true;
      previous = 'nothing';
    } else {
      const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(source.slice(at))?.[0];
      if (quantifier === undefined) {
        previous = 'plain';
        continue;
      }
      at += quantifier.length - 1;
      const repeats = !quantifier.startsWith('?');
      if (repeats && previous === 'branching') {
        return 'Repeating a group that repeats or chooses itself can take for ever; write it without one of the two';
      }
      if (repeats && quantifier.startsWith('{') && Math.max(...(quantifier.match(/\d+/g) ?? []).map(Number)) > 100) {
        return 'A repetition may count to 100 at most';
      }
      if (repeats && !/^\{\d+\}/.test(quantifier) && ++repetitions > mostRepetitions) {
        return `At most ${mostRepetitions} repetitions (* + {}) in one expression`;
      }
      if (!repeats && ++optional > mostOptional) return `At most ${mostOptional} optional parts (?) in one expression`;
      level.branches = true;
      previous = 'branching';
    }
  }
  return undefined;
}
