// Writes the skeleton of a part under its standard file names: npm run new capability cluster/logs | rule insight/findings/oomKilled |
// source observe/metrics/prometheus | view logs. Nothing that exists is overwritten.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { skeletons } from '../skeletons.ts';
import { root } from '../steps.ts';

const [what = '', name = ''] = process.argv.slice(2);
const skeleton = skeletons[what];
if (skeleton === undefined || !/^[a-z][a-zA-Z/]*[a-zA-Z]$/.test(name)) {
  console.error(`Usage: npm run new ${Object.keys(skeletons).join('|')} NAME\n`);
  for (const [kind, { usage }] of Object.entries(skeletons)) console.error(`  ${kind.padEnd(11)} ${usage}`);
  process.exit(2);
}
const files = skeleton.files(name);
const present = Object.keys(files).filter((file) => existsSync(join(root, file)));
if (present.length > 0) {
  console.error(`Nothing was written: ${present.join(', ')} exists already.`);
  process.exit(1);
}
for (const [file, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(file);
}
for (const [file, change] of Object.entries(skeleton.changes?.(name) ?? {})) {
  writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8')));
  console.log(`${file} (changed)`);
}
console.log(skeleton.next(name));
