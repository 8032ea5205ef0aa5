// Every test that needs nothing but Node, and those that need a real cluster, when there is one. Arguments go to vitest.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, runStep } from '../steps.ts';

const { KUBESAGE_KUBE } = process.env;
if (KUBESAGE_KUBE === undefined) {
  console.log('Skipped: tests on a real API server. Set KUBESAGE_KUBE to the cluster tool to run them.');
} else if (!existsSync(KUBESAGE_KUBE)) {
  console.error(`KUBESAGE_KUBE names ${KUBESAGE_KUBE}, which is not there.`);
  process.exit(2);
}
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const code = await runStep({
  name: 'vitest',
  command: process.execPath,
  args: [vitest, 'run', ...process.argv.slice(2)],
});
process.exit(code);
