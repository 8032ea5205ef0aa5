import { basename } from 'node:path';

/** How a shell is started. Files are relative to a folder of its own, `folder` in arguments and values is its place. */
export interface Startup {
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  files: ReadonlyMap<string, string>;
}

/** The folder's place in arguments, values and files. */
const place = '\0folder';

/**
 * Starts the user's shell as a login shell, so that PATH, prompt and aliases are the user's own, and sets KUBECONFIG after
 * the start-up files: many of them set it themselves, and the shell would be in another cluster than its title says.
 */
export function startupOf(shell: string, folder: string, variables: Readonly<Record<string, string>>): Startup {
  const name = basename(shell).replace(/\.exe$/i, '');
  const plan = plans[name]?.(variables) ?? plans.sh?.(variables) ?? { args: [], env: {}, files: [] };
  const here = (text: string) => text.replaceAll(place, folder);
  return {
    args: plan.args.map(here),
    env: Object.fromEntries(Object.entries(plan.env).map(([key, value]) => [key, here(value)])),
    files: new Map(plan.files.map(([file, text]) => [file, here(text)])),
  };
}

interface Plan {
  args: string[];
  env: Record<string, string>;
  files: [string, string][];
}

type Variables = Readonly<Record<string, string>>;

const plans: Record<string, (variables: Variables) => Plan> = {
  bash: (variables) => ({
    // A login shell reads no file of ours: it is played by an interactive one that reads what a login shell would.
    args: ['--rcfile', `${place}/rc`, '-i'],
    env: {},
    files: [
      [
        'rc',
        [
          '[ -r /etc/profile ] && . /etc/profile',
          'for KUBESAGE_PROFILE in ~/.bash_profile ~/.bash_login ~/.profile; do',
          '  if [ -r "$KUBESAGE_PROFILE" ]; then . "$KUBESAGE_PROFILE"; break; fi',
          '  KUBESAGE_PROFILE=',
          'done',
          '[ -z "$KUBESAGE_PROFILE" ] && [ -r ~/.bashrc ] && . ~/.bashrc',
          'unset KUBESAGE_PROFILE',
          exported(variables),
        ].join('\n'),
      ],
    ],
  }),
  zsh: (variables) => ({
    args: ['-l', '-i'],
    env: { ZDOTDIR: place },
    // zsh reads its four files in this folder; each hands on to the user's own, and the last one takes us out of the way.
    files: ['.zshenv', '.zprofile', '.zshrc', '.zlogin'].map((file) => [
      file,
      [
        `ZDOTDIR="\${KUBESAGE_ZDOTDIR:-$HOME}"`,
        `[ -r "$ZDOTDIR/${file}" ] && . "$ZDOTDIR/${file}"`,
        file === '.zlogin'
          ? `unset KUBESAGE_ZDOTDIR\n${exported(variables)}`
          : `KUBESAGE_ZDOTDIR="$ZDOTDIR"; ZDOTDIR=${quoted(place)}`,
      ].join('\n'),
    ]),
  }),
  fish: (variables) => ({
    args: [
      '-l',
      '-i',
      '-C',
      Object.entries(variables)
        .map(([key, value]) => `set -gx ${key} ${fishQuoted(value)}`)
        .join('; '),
    ],
    env: {},
    files: [],
  }),
  // What else understands `-l` reads ENV when it is interactive, after its profile.
  sh: (variables) => ({ args: ['-l', '-i'], env: { ENV: `${place}/rc` }, files: [['rc', exported(variables)]] }),
  pwsh: () => ({ args: ['-NoLogo'], env: {}, files: [] }),
  powershell: () => ({ args: ['-NoLogo'], env: {}, files: [] }),
  cmd: () => ({ args: [], env: {}, files: [] }),
};

function exported(variables: Variables): string {
  return Object.entries(variables)
    .map(([key, value]) => `export ${key}=${quoted(value)}\n`)
    .join('');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
