// The command line: kubesage serve | demo | simulate | help.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorCodes, KubeSageError, toErrorValue } from '../../core/kernel/errors.ts';
import { version } from '../version.ts';
import { keepCompiled } from './compiled.ts';
import { simulate } from './simulate.ts';

const usage = `kubesage ${version}: fleets of Kubernetes clusters, local first

  kubesage serve [options]   serves the app and its API to a browser on this machine
  kubesage demo [options]    the same on the demo fleet, whatever kubeconfigs there are
  kubesage simulate FILE     starts many big clusters on this machine, and writes their kubeconfig to FILE

  --port N          listen on this port (default: any free one)
  --data FOLDER     where settings and history are kept (default: ${defaultDataFolder()}; 'none' keeps them in memory)
  --dev-origin URL  let pages of this origin connect too (for the interface's development server)
  --approve HASH    allow a credential plugin or a kubeconfig without a question in the terminal; may be repeated
  --clusters N      of simulate: how many clusters (default: 20)
  --pods N          of simulate: pods a cluster (default: 5000)
  --churn N         of simulate: changes a second, over all clusters (default: 20)
  --help, --version
`;

/** Where this platform keeps a program's data. */
function defaultDataFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'KubeSage');
  if (process.platform === 'win32')
    return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'KubeSage');
  return join(process.env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'kubesage');
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        demo: { type: 'boolean', default: false },
        'dev-origin': { type: 'string' },
        approve: { type: 'string', multiple: true, default: [] },
        clusters: { type: 'string' },
        pods: { type: 'string' },
        churn: { type: 'string' },
        help: { type: 'boolean', default: false },
        version: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new KubeSageError('invalid', (error as Error).message, { hint: 'See kubesage --help' });
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  const [command, ...more] = positionals;
  if (values.version) return console.log(version);
  if (values.help || command === undefined || command === 'help') return console.log(usage);
  if (command === 'simulate') {
    const [file] = more;
    if (file !== undefined && more.length === 1) return simulate(file, values);
    throw new KubeSageError('invalid', 'simulate takes one file', { hint: 'See kubesage --help' });
  }
  if ((command !== 'serve' && command !== 'demo') || more.length > 0) {
    throw new KubeSageError('invalid', `There is no command '${positionals.join(' ')}'`, {
      hint: 'See kubesage --help',
    });
  }
  const port = Number(values.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new KubeSageError('invalid', `--port takes a number from 0 to 65535, not '${values.port}'`);
  }
  const data = values.data ?? process.env.KUBESAGE_DATA ?? defaultDataFolder();
  if (data !== 'none') keepCompiled(data);
  const { serve } = await import('./serve.ts');
  await serve({
    port,
    dataFolder: data === 'none' ? undefined : data,
    demo: values.demo || command === 'demo' ? 'always' : 'auto',
    devOrigin: values['dev-origin'],
    approved: values.approve,
  });
}

try {
  await main();
} catch (error) {
  const { code, message, hint } = toErrorValue(error);
  console.error(hint === undefined ? message : `${message}\n${hint}`);
  if (code === 'internal' && error instanceof Error) console.error(error.stack);
  process.exit(errorCodes[code].exit);
}
