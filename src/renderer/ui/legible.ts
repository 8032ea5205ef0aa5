/**
 * Characters that are not seen and change what is: marks that turn the direction of text around, letters without width,
 * controls but tab and line feed, fillers and tags. Joiners are left where scripts and emoji need them.
 */
const unseen =
  /(?![\t\n\r])\p{Cc}|[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<=^|\p{ASCII})[\u200c\u200d]|[\u200c\u200d](?=\p{ASCII}|$)/gu;
// A test with `g` would remember where it was.
const anyUnseen = new RegExp(unseen.source, 'u');

/**
 * Text of a cluster as it is shown: what cannot be seen is written as `[U+202E]`, so that nothing looks like something
 * else. What is copied, filtered by and sent is the text itself.
 */
export function legible(text: string): string {
  if (!anyUnseen.test(text)) return text;
  return text.replace(
    unseen,
    (each) => `[U+${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
