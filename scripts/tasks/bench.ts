// Prints one line of JSON for each figure. `npm run bench [ID…]` runs those ids (a prefix is enough), `--list` names them.
import { figures } from '../../bench/figures.ts';
import { ensureBuilt } from '../built.ts';

const args = process.argv.slice(2);
if (args.includes('--list')) {
  for (const { ids, what } of figures) console.log(`${ids.join(' ')}  ${what}`);
  process.exit(0);
}
const unknown = args.filter((id) => !figures.some((figure) => figure.ids.some((known) => known.startsWith(id))));
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(', ')}: see npm run bench -- --list`);
  process.exit(2);
}
await ensureBuilt();
let missed = 0;
for (const { ids, run } of figures) {
  if (args.length > 0 && !ids.some((id) => args.some((wanted) => id.startsWith(wanted)))) continue;
  for (const figure of await run()) {
    process.stdout.write(`${JSON.stringify(figure)}\n`);
    if (!figure.holds) missed++;
  }
}
process.exit(missed === 0 ? 0 : 1);
