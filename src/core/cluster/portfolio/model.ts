import { labelValue } from '../../kube/columns/labels.ts';
import type { Tone } from '../../kube/columns/schema.ts';
import type { By } from './contract.ts';

/** Worst first. */
const urgencies: readonly Tone[] = ['failed', 'warning', 'progressing', 'unknown', 'healthy', 'stopped'];

export function worse(a: Tone, b: Tone): Tone {
  return urgencies.indexOf(a) <= urgencies.indexOf(b) ? a : b;
}

const names = ['app.kubernetes.io/name', 'app', 'k8s-app', 'app.kubernetes.io/instance'] as const;
const wholes = ['app.kubernetes.io/part-of', 'app.kubernetes.io/instance', ...names] as const;
const instances = ['app.kubernetes.io/instance', 'release', ...names] as const;
const keysOf: Record<By, readonly string[]> = { name: names, partOf: wholes, instance: instances };

/** The application that something with these labels belongs to; its own name where they tell none. */
export function applicationOf(labels: string, by: By, ownName: string): string {
  for (const key of keysOf[by]) {
    const value = labelValue(labels, key);
    if (value !== undefined && value !== '') return value;
  }
  return ownName;
}

/** `registry:5000/shop/web:1.2@sha256:…` in its parts; the tag is '' where there is none. */
export function readImage(image: string): { name: string; tag: string } {
  const [plain = ''] = image.split('@');
  const cut = plain.lastIndexOf(':');
  const hasTag = cut > plain.lastIndexOf('/');
  const path = hasTag ? plain.slice(0, cut) : plain;
  return { name: path.slice(path.lastIndexOf('/') + 1), tag: hasTag ? plain.slice(cut + 1) : '' };
}

/** The tag of the image that is named like the application, else of the first one; '' for `latest`, which tells nothing. */
export function imageVersion(images: readonly string[], ...likely: readonly string[]): string {
  const read = images.map(readImage);
  const own = read.find(({ name }) =>
    likely.some((wanted) => wanted !== '' && (wanted === name || wanted.endsWith(`-${name}`))),
  );
  const { tag } = own ?? read[0] ?? { tag: '' };
  return tag === 'latest' ? '' : tag;
}

const shape = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[.+-](.*))?$/;

/**
 * Order of two versions as people count them, negative when `a` is older; null where one of them is no number, as a
 * commit is. What comes before a release (`1.2.0-rc.1`) is older than it.
 */
export function compareVersions(a: string, b: string): number | null {
  const [one, other] = [shape.exec(a), shape.exec(b)];
  if (one === null || other === null) return a === b ? 0 : null;
  for (let part = 1; part <= 3; part++) {
    const difference = Number(one[part] ?? 0) - Number(other[part] ?? 0);
    if (difference !== 0) return difference;
  }
  const [left = '', right = ''] = [one[4], other[4]];
  if (left === right) return 0;
  const [early, late] = [isEarly(left), isEarly(right)];
  if (early !== late) return early ? -1 : 1;
  if (left === '') return -1;
  if (right === '') return 1;
  return left.localeCompare(right, 'en', { numeric: true });
}

function isEarly(ending: string): boolean {
  return /^(alpha|beta|rc|pre|dev|snapshot|preview|canary)/i.test(ending);
}

/** Newest first; what has no order stands by its text after what has one. */
export function newestFirst(versions: Iterable<string>): string[] {
  const [numbers, others]: [string[], string[]] = [[], []];
  for (const version of new Set(versions)) (shape.test(version) ? numbers : others).push(version);
  numbers.sort((a, b) => compareVersions(b, a) || (a < b ? -1 : 1));
  return [...numbers, ...others.sort()];
}

/** The most frequent text; '' when there is none. */
export function mostFrequent(texts: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
  let [best, most] = ['', 0];
  for (const [text, count] of counts) {
    if (count > most || (count === most && text < best)) [best, most] = [text, count];
  }
  return best;
}
