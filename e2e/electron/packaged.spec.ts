// The unpacked app, made by electron-builder out of the build and this Electron: it starts, its fuses are as they shall
// be, its bill of materials is true, and a second build of the same sources is the same to the byte.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { type Fuses, readFuses } from '../../scripts/fuses.ts';
import { startPackaged } from './packaged.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'dist', 'linux-unpacked');
const binary = join(folder, 'kubesage');
const resources = join(folder, 'resources');

test.beforeAll(() => {
  test.setTimeout(240_000);
  packageApp(root);
});

test('the packaged app starts, with the engine and its native parts, and nothing of the sources', async () => {
  test.setTimeout(120_000);
  expect(readdirSync(resources).sort()).toEqual(expect.arrayContaining(['app.asar', 'app.asar.unpacked']));
  expect(existsSync(join(resources, 'app'))).toBe(false);
  expect(existsSync(join(resources, 'app.asar.unpacked', 'src'))).toBe(false);
  const app = await startPackaged(binary);
  try {
    expect(await app.evaluate('location.href')).toMatch(/^app:\/\/kubesage\//);
    const cards = () => app.evaluate("[...document.querySelectorAll('article')].map((each) => each.innerText).join()");
    await expect.poll(cards, { timeout: 60_000 }).toMatch(/Live/);
    expect(await app.evaluate("document.querySelectorAll('article').length")).toBe(5);
  } finally {
    await app.close();
  }
});

test('S2 the fuses, read back from the packaged binary', () => {
  const { electronFuses: wanted } = parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as {
    electronFuses: Fuses;
  };
  expect(wanted).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
  });
  const found = readFuses(binary);
  // An old Electron has a shorter wire: it must be the last ones that are missing, and only those.
  const known = Object.keys(wanted).filter((name) => name in found);
  expect(Object.fromEntries(known.map((name) => [name, found[name as keyof Fuses]]))).toEqual(
    Object.fromEntries(known.map((name) => [name, wanted[name as keyof Fuses]])),
  );
  const electron = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  const isOld = Number.parseInt(electron, 10) < 30;
  expect(known).toHaveLength(isOld ? 6 : Object.keys(wanted).length);
});

test('S2 the packaged binary runs no foreign program, whatever its environment and arguments say', () => {
  const data = mkdtempSync(join(tmpdir(), 'kubesage-fuses-'));
  const mark = join(data, 'ran');
  const program = join(data, 'program.cjs');
  const write = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'x'); process.exit(0);`;
  appendFileSync(program, write);
  const attempts: [readonly string[], Record<string, string>][] = [
    [[program], { ELECTRON_RUN_AS_NODE: '1' }],
    [['-e', write], { ELECTRON_RUN_AS_NODE: '1' }],
    [[], { NODE_OPTIONS: `--require=${program}` }],
    [[], { KUBESAGE_ENGINE_ENTRY: program }],
    [['--inspect=127.0.0.1:0'], {}],
  ];
  for (const [args, env] of attempts) {
    const { stderr } = spawnSync(binary, ['--no-sandbox', '--disable-gpu', ...args], {
      env: { ...process.env, HOME: data, KUBESAGE_DATA: data, KUBECONFIG: '', KUBESAGE_NODE: process.execPath, ...env },
      timeout: 6_000,
      killSignal: 'SIGKILL',
      encoding: 'utf8',
    });
    expect(existsSync(mark), `${args.join(' ')} ${Object.keys(env)}`).toBe(false);
    expect(stderr).not.toContain('Debugger listening');
  }
  rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test('S2 the packaged app does not start on a changed heap image', () => {
  // A copy that shares nothing with the package, so that its bytes may be changed.
  const copy = join(root, 'dist', 'changed');
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
  // Behind its end, where V8 does not look: only the comparison can notice it.
  appendFileSync(join(copy, 'snapshot_blob.bin'), 'x');
  const data = mkdtempSync(join(tmpdir(), 'kubesage-heap-'));
  const { stderr, status } = spawnSync(join(copy, 'kubesage'), ['--no-sandbox', '--disable-gpu'], {
    env: { ...process.env, HOME: data, KUBESAGE_DATA: data, DISPLAY: process.env.DISPLAY },
    timeout: 15_000,
    encoding: 'utf8',
  });
  rmSync(copy, { recursive: true, force: true });
  rmSync(data, { recursive: true, force: true });
  expect({ status, said: /snapshot_blob\.bin was changed/.test(stderr) }).toEqual({ status: 1, said: true });
});

test('S12 the bill of materials names what is shipped, and nothing else', () => {
  const bill = JSON.parse(readFileSync(join(root, 'dist', 'kubesage.cdx.json'), 'utf8')) as Bill;
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
  expect(bill.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; dev?: boolean; integrity?: string }>;
  };
  const named = new Map(bill.components.map((each) => [`${each.name}@${each.version}`, each]));
  expect(named.size).toBe(bill.components.length);
  for (const each of bill.components) {
    expect(each.purl).toBe(`pkg:npm/${each.name.replace('@', '%40')}@${each.version}`);
    expect(each.licenses.length, `${each.name} has no licence`).toBeGreaterThan(0);
    if (each.name === 'electron') continue;
    // Out of the lock file, with its hash, and not a tool of development.
    const locked = Object.entries(packages).find(
      ([place, { version }]) => place.endsWith(`node_modules/${each.name}`) && version === each.version,
    )?.[1];
    expect(locked, each.name).toBeDefined();
    expect(locked?.dev, each.name).toBeUndefined();
    const hash = Buffer.from(each.hashes?.[0]?.content ?? '', 'hex').toString('base64');
    expect(`sha512-${hash}`, each.name).toBe(locked?.integrity);
  }
  // Every package that lies in the package as it is, by its own manifest.
  const asIs = filesOf(join(resources, 'app.asar.unpacked', 'node_modules')).filter((file) =>
    /node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(file),
  );
  expect(asIs.length).toBeGreaterThan(2);
  for (const file of asIs) {
    const { name, version } = JSON.parse(readFileSync(file, 'utf8')) as { name: string; version: string };
    expect([...named.keys()]).toContain(`${name}@${version}`);
  }
  // Every package that the sources of the app import by name.
  const imported = new Set(
    filesOf(join(root, 'src'))
      .filter((file) => /\.tsx?$/.test(file) && !/\.test(-d)?\.tsx?$|[\\/](testing|fixtures|fake)[\\/]/.test(file))
      .flatMap((file) => [
        ...readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type )[^'"]*from '([^.'][^']*)'/gm),
      ])
      .map(([, from = '']) => /^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? '')
      .filter((name) => !name.startsWith('node:') && name !== 'electron'),
  );
  expect(imported.size).toBeGreaterThan(10);
  const names = new Set(bill.components.map(({ name }) => name));
  // This one has no code of its own: it hands on other packages, which are named.
  imported.delete('radix-ui');
  expect([...imported].filter((name) => !names.has(name))).toEqual([]);
});

test('S12 a second build of the same sources, elsewhere, is the same to the byte', () => {
  test.setTimeout(300_000);
  // Beside the first, so that the packages can be linked; under another path, at another time.
  const again = join(root, '.cache', 'again', 'elsewhere');
  rmSync(again, { recursive: true, force: true });
  mkdirSync(again, { recursive: true });
  for (const part of readdirSync(root)) {
    if (['node_modules', 'out', 'dist', '.cache', '.git', 'test-results', 'coverage'].includes(part)) continue;
    cpSync(join(root, part), join(again, part), { recursive: true });
  }
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(again, 'node_modules')]);
  try {
    packageApp(again);
    const first = hashesOf(join(root, 'dist', 'linux-unpacked', 'resources'));
    const second = hashesOf(join(again, 'dist', 'linux-unpacked', 'resources'));
    expect(Object.keys(first).length).toBeGreaterThan(5);
    expect(second).toEqual(first);
    expect(hashesOf(join(again, 'out'))).toEqual(hashesOf(join(root, 'out')));
    expect(readFileSync(join(again, 'dist', 'kubesage.cdx.json'), 'utf8')).toBe(
      readFileSync(join(root, 'dist', 'kubesage.cdx.json'), 'utf8'),
    );
  } finally {
    rmSync(join(root, '.cache', 'again'), { recursive: true, force: true });
  }
});

interface Bill {
  serialNumber: string;
  components: {
    name: string;
    version: string;
    purl: string;
    licenses: unknown[];
    hashes?: { content: string }[];
  }[];
}

function packageApp(project: string): void {
  const { status, stderr } = spawnSync(process.execPath, [join(project, 'scripts', 'tasks', 'package.ts'), 'dir'], {
    cwd: project,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  if (status !== 0) throw new Error(`The app could not be packaged: ${stderr}`);
}

function filesOf(from: string): string[] {
  return readdirSync(from, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
}

/** The configuration that names this build's Electron by its path is no part of it. */
function hashesOf(from: string): Record<string, string> {
  return Object.fromEntries(
    filesOf(from)
      .filter((file) => !file.endsWith('electron-builder.json'))
      .sort()
      .map((file) => [relative(from, file), createHash('sha256').update(readFileSync(file)).digest('hex')]),
  );
}
