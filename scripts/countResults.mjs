// Prints `N passed, N failed` for the JSON report of vitest or Playwright. Arguments: the report, the suite's exit code.
// A skipped test counts as failed: in CI nothing may be skipped. So does a suite that failed without saying what.
import { existsSync, readFileSync } from 'node:fs';

const [file, code] = process.argv.slice(2);
let passed = 0;
let failed = 0;
if (existsSync(file)) {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  if (report.stats) {
    passed = report.stats.expected + report.stats.flaky;
    failed = report.stats.unexpected + report.stats.skipped + report.errors.length;
  } else {
    passed = report.numPassedTests;
    failed = report.numFailedTests + report.numPendingTests + report.numTodoTests;
    failed += report.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    ).length;
  }
}
if (failed === 0 && (code !== '0' || passed === 0)) failed = 1;
console.log(`${passed} passed, ${failed} failed`);
