// Reads the JSON reports of vitest and Playwright for .ci/run.
//   countResults.mjs CODE REPORT [AGAIN]   prints `N passed, N failed`, and on standard error the names of what failed.
//   countResults.mjs --failed REPORT       prints vitest's failed files, a line each; none if they are too many to be chance.
// CODE is the suite's exit code. AGAIN is the report of a second run of the failed files alone: its results replace the
// first ones, and a test that only passed then is named. A skipped test counts as failed: in CI nothing may be skipped. So
// does a suite that failed without saying what.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** More failed files than this are not run again: that is a defect, not a disturbance. */
const MOST_AGAIN = 6;

const [first, file, again] = process.argv.slice(2);
if (first === '--failed') {
  const failed = existsSync(file) ? read(file).testResults.filter((suite) => suite.status === 'failed') : [];
  if (failed.length <= MOST_AGAIN) for (const suite of failed) console.log(relative(process.cwd(), suite.name));
} else {
  const { passed, failed, named } = existsSync(file)
    ? count(read(file), again !== undefined && existsSync(again) ? read(again) : undefined)
    : { passed: 0, failed: 0, named: [] };
  for (const line of named) console.error(line);
  console.log(`${passed} passed, ${failed === 0 && (first !== '0' || passed === 0) ? 1 : failed} failed`);
}

function read(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function count(report, second) {
  return report.stats ? countPlaywright(report) : countVitest(report, second);
}

function countVitest(report, second) {
  let passed = 0;
  let failed = 0;
  const named = [];
  for (const suite of report.testResults) {
    const last = second?.testResults.find((each) => each.name === suite.name) ?? suite;
    const path = relative(process.cwd(), suite.name);
    for (const test of last.assertionResults) {
      if (test.status === 'passed') passed++;
      else {
        failed++;
        named.push(`${test.status}: ${path} › ${test.fullName}: ${test.failureMessages?.[0]?.split('\n')[0] ?? ''}`);
      }
    }
    if (last.status === 'failed' && last.assertionResults.length === 0) {
      failed++;
      named.push(`failed: ${path}: ${last.message ?? ''}`);
    }
    if (last !== suite && last.status !== 'failed') {
      for (const test of suite.assertionResults.filter(({ status }) => status !== 'passed'))
        named.push(
          `passed only when run again: ${path} › ${test.fullName}: ${test.failureMessages?.[0]?.split('\n')[0] ?? test.status}`,
        );
      if (suite.assertionResults.length === 0)
        named.push(`passed only when run again: ${path}: ${suite.message ?? ''}`);
    }
  }
  return { passed, failed, named };
}

function countPlaywright(report) {
  const { stats, errors } = report;
  const named = errors.map((error) => `failed: ${error.message ?? ''}`);
  const visit = (suite) => {
    for (const inner of suite.suites ?? []) visit(inner);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') continue;
        const reason = test.results.find((result) => result.error)?.error.message?.split('\n')[0] ?? '';
        const what = test.status === 'flaky' ? 'passed only when run again' : test.status;
        named.push(`${what}: [${test.projectName}] ${suite.file} › ${spec.title}: ${reason}`);
      }
    }
  };
  for (const suite of report.suites) visit(suite);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + stats.skipped + errors.length,
    named,
  };
}
