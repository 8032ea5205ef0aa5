/** The RFC 4122 text of four 32-bit words. A uid that is no UUID has been hashed to them; this is then its stand-in. */
export function uidText(words: Uint32Array, at: number): string {
  const hex = `${word(words, at)}${word(words, at + 1)}${word(words, at + 2)}${word(words, at + 3)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function word(words: Uint32Array, at: number): string {
  return (words[at] as number).toString(16).padStart(8, '0');
}
