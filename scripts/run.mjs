// Starts a task of scripts/tasks on the project's own Node 24, installing what is missing first. Runs on any Node from
// 20.11 on, so only syntax and modules that it knows are used here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [task, ...args] = process.argv.slice(2);

install();
const node = findNode();
const file = join(root, 'scripts', 'tasks', `${task}.ts`);
if (!task || !existsSync(file)) {
  console.error(`There is no task '${task ?? ''}' in scripts/tasks.`);
  process.exit(2);
}
const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
const env = { ...process.env, PATH: path, Path: path, NODE_NO_WARNINGS: '1' };
const child = spawnSync(node, [file, ...args], { cwd: root, env, stdio: 'inherit' });
if (child.error) throw child.error;
process.exit(child.status ?? 1);

/**
 * Installs what the lock file names, when node_modules is absent or belongs to another one. Not `npm ci`: it refuses where a
 * registry does not carry the optional packages of other platforms. Install scripts are not run; nothing is written back.
 */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.kubesage-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Installing packages, once …');
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm install failed: see above. Check the network or the registry and run the command again.');
    process.exit(npm.status ?? 1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, lock);
}

/** The Node that the project brings as an npm package; else the one that runs this, if it is new enough. */
function findNode() {
  const require = createRequire(join(root, 'package.json'));
  for (const name of [
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ]) {
    try {
      const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
      return join(dirname(require.resolve(`${name}/package.json`)), binary);
    } catch {
      // Not this platform's package: try the next name.
    }
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(
    `KubeSage needs Node 24; this is ${process.version} and no Node package exists for ${process.platform}-${process.arch}.`,
  );
  process.exit(1);
}
