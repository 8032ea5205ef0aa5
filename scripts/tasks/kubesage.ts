// The command line from the sources: `npm run kubesage -- serve`.
import { join } from 'node:path';
import { ensureBuilt } from '../built.ts';
import { root, runStep } from '../steps.ts';

if (process.argv[2] === 'serve') await ensureBuilt();
const program = join(root, 'src', 'main', 'cli', 'index.ts');
process.exit(await runStep({ name: 'kubesage', command: process.execPath, args: [program, ...process.argv.slice(2)] }));
