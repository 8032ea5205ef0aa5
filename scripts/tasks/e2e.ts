// The end-to-end suite, in Chromium and in Electron where there is one. Arguments go to Playwright.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../built.ts';
import { findElectron, noDisplay } from '../electron.ts';
import { root, runStep } from '../steps.ts';

await ensureBuilt();
const chromium = process.env.KUBESAGE_CHROMIUM ?? '/usr/bin/chromium';
const asked = process.argv.slice(2);
// `npm run e2e -- screenshots`: a project of its own, which no other run starts.
const pictures = asked.includes('screenshots');
const projects: string[] = [];
if (existsSync(chromium)) projects.push(pictures ? 'screenshots' : 'chromium');
else console.log(`Skipped: Chromium. There is none at ${chromium}; set KUBESAGE_CHROMIUM to one.`);
const electron = findElectron({ install: false });
if ('missing' in electron) console.log(`Skipped: Electron, because ${electron.missing}.`);
else if (!pictures) projects.push('electron');
if (process.env.KUBESAGE_KUBE === undefined)
  console.log('Skipped: real clusters. Set KUBESAGE_KUBE to the cluster tool.');
if (projects.length === 0) process.exit(1);

const playwright = [
  join(root, 'node_modules', '@playwright', 'test', 'cli.js'),
  'test',
  // A project that is named by hand is the only one.
  ...(asked.some((each) => each.startsWith('--project')) ? [] : projects.map((name) => `--project=${name}`)),
];
const command = [process.execPath, ...playwright, ...asked];
// A window needs a screen: a virtual one where there is no real one.
if (projects.includes('electron') && noDisplay() !== null)
  command.unshift('xvfb-run', '-a', '-s', '-screen 0 1600x1000x24');
const [first = '', ...args] = command;
process.exit(await runStep({ name: 'playwright', command: first, args, env: { KUBESAGE_CHROMIUM: chromium } }));
