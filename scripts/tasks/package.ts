// Makes the packages of electron-builder.yml for this platform. `npm run package -- dir` makes the unpacked app only.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { billOfMaterials, type LockedPackage, type Shipped } from '../billOfMaterials.ts';
import { ensureBuilt } from '../built.ts';
import { findElectron } from '../electron.ts';
import { type Fuses, readFuses, wrongFuses } from '../fuses.ts';
import { bin, root, runStep } from '../steps.ts';

const configuration = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as {
  electronFuses: Fuses;
  files: string[];
} & Record<string, unknown>;
const fuses = configuration.electronFuses;

await ensureBuilt();
const platform = { darwin: '--mac', win32: '--win' }[process.platform as string] ?? '--linux';
const args = [platform, ...process.argv.slice(2), '--config', configFile(), '--publish', 'never'];
const code = await runStep({ name: 'electron-builder', command: bin('electron-builder'), args });
// A distribution that comes with a starter of its own would start that instead of the app.
if (process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined) {
  rmSync(join(root, 'dist', 'linux-unpacked', 'resources', 'app'), { recursive: true, force: true });
}
if (code === 0) {
  checkFuses();
  writeBill();
}
process.exit(code);

/** The configuration; for another Electron than the pinned one, a copy that names it. */
function configFile(): string {
  const file = join(root, 'electron-builder.yml');
  const electronDist = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (electronDist === undefined) return file;
  const electron = findElectron({ install: false });
  if ('missing' in electron) throw new Error(electron.missing);
  const copy = join(root, 'out', 'electron-builder.json');
  // A fuse that an old wire does not have cannot be set, and electron-builder refuses to try.
  const has = readFuses(electron.binary);
  const electronFuses = Object.fromEntries(Object.entries(fuses).filter(([name]) => name in has));
  const all = { ...configuration, electronFuses, electronDist, electronVersion: electron.version };
  writeFileSync(copy, JSON.stringify(all));
  return copy;
}

/** What is in the package, for those who look for vulnerable or unlicensed parts: dist/kubesage.cdx.json. */
function writeBill(): void {
  const { packages } = readJson('package-lock.json') as { packages: Record<string, LockedPackage> };
  const { name, version, license } = readJson('package.json') as Shipped['product'];
  const bundled = readdirSync(join(root, 'out', 'bundled')).flatMap(
    (file) => readJson(join('out', 'bundled', file)) as string[],
  );
  const whole = Object.keys(packages).filter((place) => isPackedWhole(place) && existsSync(join(root, place)));
  const electron = findElectron({ install: false });
  const bill = billOfMaterials({
    product: { name, version, license },
    packages,
    places: [...bundled, ...whole],
    electron: 'missing' in electron ? (packages['node_modules/electron']?.version ?? '') : electron.version,
  });
  writeFileSync(join(root, 'dist', 'kubesage.cdx.json'), bill);
  console.log(`Bill of materials: dist/kubesage.cdx.json, ${bill.match(/"bom-ref"/g)?.length ?? 0} parts`);
}

/** Whether `files` of electron-builder.yml takes a package as it is, `node_modules/@duckdb/**`. */
function isPackedWhole(place: string): boolean {
  return configuration.files.some((pattern) => {
    const folder = /^(node_modules\/.+)\/\*\*\/\*$/.exec(pattern)?.[1];
    return folder !== undefined && (place === folder || place.startsWith(`${folder}/`));
  });
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/** Reads the fuses back from what was packed: a package with a wrong one is none. */
function checkFuses(): void {
  const folder = join(root, 'dist');
  const binaries = readdirSync(folder).flatMap((name) => {
    const inside = {
      'linux-unpacked': 'kubesage',
      'linux-arm64-unpacked': 'kubesage',
      'win-unpacked': 'KubeSage.exe',
      'win-arm64-unpacked': 'KubeSage.exe',
    }[name];
    if (inside !== undefined) return [join(folder, name, inside)];
    const framework = 'KubeSage.app/Contents/Frameworks/Electron Framework.framework/Electron Framework';
    return /^mac/.test(name) && existsSync(join(folder, name, framework)) ? [join(folder, name, framework)] : [];
  });
  if (binaries.length === 0) throw new Error(`Nothing was packed into ${folder}`);
  for (const binary of binaries) {
    const found = readFuses(binary);
    const wrong = wrongFuses(fuses, found);
    if (wrong.length > 0) throw new Error(`${binary} has wrong fuses: ${wrong.join(', ')}`);
    const absent = Object.keys(fuses).filter((name) => !(name in found));
    const short = absent.length === 0 ? '' : `; this Electron does not have ${absent.join(', ')}`;
    console.log(`Fuses read back from ${binary.slice(root.length + 1)}: as they shall be${short}`);
  }
}
