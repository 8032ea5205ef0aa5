/** The scheme of addresses that other programs can open in the app: `kubesage://resources/pods?clusters=a`. */
export const linkScheme = 'kubesage';

const longest = 2_000;

/**
 * The link among a program's arguments, as the operating system hands it over, or undefined. Whoever made it is not
 * trusted: only the characters of a URL pass, and the page takes it as one of its own addresses, which only show things.
 */
export function linkIn(args: readonly string[]): string | undefined {
  const link = args.find((each) => each.toLowerCase().startsWith(`${linkScheme}:`));
  if (link === undefined || link.length > longest) return undefined;
  if (!/^kubesage:\/\/[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*$/i.test(link)) return undefined;
  return linkScheme + link.slice(linkScheme.length);
}
