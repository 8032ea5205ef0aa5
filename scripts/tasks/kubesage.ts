// The command line from the sources: `npm run kubesage -- serve`.
import { join } from 'node:path';
import { engineFlags } from '../../src/main/engineFlags.ts';
import { ensureBuilt } from '../built.ts';
import { root, runStep } from '../steps.ts';

if (process.argv[2] === 'serve') await ensureBuilt();
const program = join(root, 'src', 'main', 'cli', 'index.ts');
const args = [...engineFlags, program, ...process.argv.slice(2)];
process.exit(await runStep({ name: 'kubesage', command: process.execPath, args }));
