import { createHash } from 'node:crypto';

/** A package as package-lock.json has it. */
export interface LockedPackage {
  version?: string;
  integrity?: string;
  license?: string;
}

export interface Shipped {
  /** The product's own name, version and licence. */
  product: { name: string; version: string; license: string };
  packages: Readonly<Record<string, LockedPackage>>;
  /** Places in the lock of what the bundles took in, and of what travels as it is. */
  places: readonly string[];
  /** The Electron that the package is made of; it may be another one than the lock's. */
  electron: string;
}

interface Component {
  type: 'framework' | 'library';
  'bom-ref': string;
  name: string;
  version: string;
  purl: string;
  licenses: { license: { id: string } }[] | { expression: string }[];
  hashes?: { alg: 'SHA-512'; content: string }[];
}

/**
 * CycloneDX 1.6. The same input makes the same bytes: there is no time in it, and its serial number is a hash.
 * @throws when something is shipped that the lock file does not name
 */
export function billOfMaterials({ product, packages, places, electron }: Shipped): string {
  const components = new Map<string, Component>();
  const add = (component: Component) => components.set(component['bom-ref'], component);
  const locked = packages['node_modules/electron'];
  add(
    componentOf('framework', 'electron', {
      version: electron,
      license: locked?.license ?? 'MIT',
      ...(locked?.version === electron && locked.integrity !== undefined ? { integrity: locked.integrity } : {}),
    }),
  );
  for (const place of places) {
    const found = packages[place];
    if (found?.version === undefined) throw new Error(`${place} is shipped, and package-lock.json does not name it`);
    add(componentOf('library', place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length), found));
  }
  const sorted = [...components.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
  const own = purlOf(product.name, product.version);
  const content = {
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own,
        name: product.name,
        version: product.version,
        purl: own,
        licenses: [{ license: { id: product.license } }],
      },
    },
    components: sorted,
    dependencies: [
      { ref: own, dependsOn: sorted.map((each) => each['bom-ref']) },
      ...sorted.map((each) => ({ ref: each['bom-ref'] })),
    ],
  };
  const head = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    version: 1,
  };
  return `${JSON.stringify({ ...head, ...content }, null, 2)}\n`;
}

function componentOf(type: Component['type'], name: string, { version, license, integrity }: LockedPackage): Component {
  if (version === undefined) throw new Error(`${name} has no version`);
  const purl = purlOf(name, version);
  const isExpression = license !== undefined && / (OR|AND|WITH) /.test(license);
  return {
    type,
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: license === undefined ? [] : isExpression ? [{ expression: license }] : [{ license: { id: license } }],
    ...(integrity?.startsWith('sha512-')
      ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }] }
      : {}),
  };
}

/** https://github.com/package-url/purl-spec: the @ of a scope is escaped. */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** A UUID of version 8 out of a hash. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
