// What CI requires of the source: format, lint, type checks of each environment, layers, dead code.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unknownLicences } from '../licences.ts';
import { bin, readStep, root, runStep, type Step } from '../steps.ts';

const tsc = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
const typeCheck = (part: string): Step => ({
  name: `types of ${part}`,
  command: process.execPath,
  args: [tsc, '-p', part],
});

const steps: readonly Step[] = [
  { name: 'format and lint', command: bin('biome'), args: ['ci', '--error-on-warnings', '--colors=off', '.'] },
  typeCheck('src/core'),
  typeCheck('src/main'),
  typeCheck('src/renderer'),
  typeCheck('src/preload'),
  typeCheck('e2e'),
  { name: 'dead code and packages', command: bin('knip'), args: ['--no-progress'] },
];

let failed = 0;
for (const step of steps) {
  console.log(`— ${step.name}`);
  if ((await runStep(step)) !== 0) {
    failed++;
    console.error(`✗ ${step.name}`);
  }
}
console.log('— layers');
if (!checkLayers()) failed++;

console.log('— licences of what is shipped');
for (const unknown of unknownLicences()) {
  failed++;
  console.error(`✗ licence: ${unknown}`);
}

if (failed > 0) console.error(`${failed} of ${steps.length + 2} checks failed`);
else console.log(`${steps.length + 2} checks passed`);
process.exit(failed === 0 ? 0 : 1);

/**
 * Import rules. dependency-cruiser exits with 0 when it understood no file at all, so its count of modules is held
 * against the tree.
 */
function checkLayers(): boolean {
  let report: { summary: { violations: Violation[]; totalCruised: number }; modules: { source: string }[] };
  try {
    report = JSON.parse(
      readStep(bin('depcruise'), ['src', '--config', '.dependency-cruiser.mjs', '-T', 'json', '--no-cache']),
    );
  } catch (error) {
    console.error(`✗ layers: dependency-cruiser did not run: ${String(error).slice(0, 2000)}`);
    return false;
  }
  const cruised = new Set(report.modules.map((module) => module.source));
  const missed = sources('src').filter((file) => !cruised.has(file));
  if (missed.length > 0) {
    console.error(`✗ layers: ${missed.length} files were not cruised, ${missed.slice(0, 5).join(', ')} among them`);
    return false;
  }
  const errors = report.summary.violations.filter((violation) => violation.rule.severity === 'error');
  for (const { rule, from, to, cycle } of errors) {
    console.error(`✗ ${rule.name}: ${from} → ${cycle ? cycle.map((step) => step.name ?? step).join(' → ') : to}`);
  }
  return errors.length === 0;
}

interface Violation {
  rule: { name: string; severity: string };
  from: string;
  to: string;
  cycle?: { name?: string }[];
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    );
}
