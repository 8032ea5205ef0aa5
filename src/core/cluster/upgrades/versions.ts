/** Parts of `v1.36.4-eks-3abc`, as far as upgrades count them. */
export interface Version {
  major: number;
  minor: number;
  patch: number;
}

/** Undefined for what is no version, such as `latest`. A patch that is not said is 0. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch = '0'] = /(?:^|[^\d.])v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(` ${text}`) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  return { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** 36 of `v1.36.4`; undefined for other majors. */
export function minorOf(text: string): number | undefined {
  const version = parseVersion(text);
  return version?.major === 1 ? version.minor : undefined;
}

export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined) return a < b ? -1 : a > b ? 1 : 0;
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
}

/** `1.36` */
export function minorText(minor: number): string {
  return `1.${minor}`;
}

/** Name without registry and tag, and the tag, of an image: `registry.k8s.io/kube-proxy:v1.36.4@sha256:…`. */
export function imageParts(image: string): { name: string; tag: string } {
  const [plain = ''] = image.split('@');
  const slash = plain.lastIndexOf('/');
  const colon = plain.indexOf(':', slash + 1);
  return colon === -1 ? { name: plain, tag: '' } : { name: plain.slice(0, colon), tag: plain.slice(colon + 1) };
}
