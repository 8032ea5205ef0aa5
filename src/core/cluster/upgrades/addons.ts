import type { AddonRow } from './contract.ts';
import { type Addon, addons } from './data/addons.ts';
import type { ImageUse } from './evidence.ts';
import { compareVersions, imageParts, minorText } from './versions.ts';

export function isAddon(image: string): boolean {
  const { name } = imageParts(image);
  return addons.some((addon) => addon.image.test(name));
}

/** Add-ons that are recognised by the images that run, and whether their projects say that they work with the target. */
export function judgeAddons(images: readonly ImageUse[], hop: { minor: number; target: number }): AddonRow[] {
  const rows = new Map<string, AddonRow>();
  for (const use of images) {
    const { name, tag } = imageParts(use.image);
    const addon = addons.find(({ image }) => image.test(name));
    if (addon === undefined) continue;
    const version = versionOf(addon, tag, use);
    const key = `${addon.id} ${version}`;
    const row = rows.get(key);
    if (row === undefined)
      rows.set(key, { key, ...judge(addon, version, hop), images: [use.image], objects: [...use.objects] });
    else {
      row.images.push(use.image);
      row.objects.push(...use.objects);
    }
  }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name) || compareVersions(b.version, a.version));
}

function versionOf({ label }: Addon, tag: string, use: ImageUse): string {
  if (label === undefined) return tag.replace(/^v/, '');
  return (use.labels?.[label] ?? '').replace(/^v/, '');
}

function judge(
  { name, versions, note = '', source }: Addon,
  version: string,
  { minor, target }: { minor: number; target: number },
): Omit<AddonRow, 'key' | 'images' | 'objects'> {
  const known = versions.find((each) => version === each.version || version.startsWith(`${each.version}.`));
  const fitting = versions.filter(({ from, to }) => from <= target && (to === null || target <= to));
  const [newest] = versions;
  const advice =
    fitting.length > 0
      ? `Known to work with ${minorText(target)}: ${fitting.map((each) => each.version).join(', ')}`
      : newest === undefined
        ? note
        : `No version that is known here says so of ${minorText(target)}; the newest known is ${newest.version}. ${note}`.trim();
  if (known === undefined) {
    // Newer than everything that is known: likely fine, and not known.
    return { name, version, supports: '', verdict: 'unknown', breaksAt: minor + 1, advice, source };
  }
  const { from, to } = known;
  const supports = to === null ? `${minorText(from)} and newer` : `${minorText(from)} – ${minorText(to)}`;
  const verdict = target < from ? 'unsupported' : to === null || target <= to ? 'supported' : 'notListed';
  const breaksAt = verdict === 'supported' ? null : Math.max(minor + 1, target < from ? 0 : (to ?? 0) + 1);
  return { name, version, supports, verdict, breaksAt, advice: verdict === 'supported' ? note : advice, source };
}
