/** Which shell is the best one is found in the container itself: one connection, whatever it has. */
const bestShell = [
  'TERM=xterm-256color; export TERM;',
  'for shell in bash zsh ash; do',
  'found=$(command -v "$shell" 2>/dev/null) && [ -x "$found" ] && exec "$found" -l;',
  'done;',
  'exec sh -l',
].join(' ');

/** A login shell, with what a screen of ours understands. */
export function shellCommand(windows: boolean): string[] {
  return windows
    ? ['cmd', '/c', 'where pwsh >NUL 2>NUL && pwsh -NoLogo || powershell -NoLogo']
    : ['sh', '-c', bestShell];
}

/** Where a node shell's pod has the machine's files. */
export const hostFolder = '/host';

/**
 * A shell of the machine itself, out of a privileged container that sees its processes: in all its namespaces, or where
 * the machine does not let anybody in, in its files alone, as `kubectl debug node` does it. That is said first.
 */
export function nodeShellCommand(): string[] {
  // busybox knows the short forms only.
  const enter = 'nsenter -t 1 -m -u -i -n -p --';
  const words =
    'This machine does not let its namespaces be entered. Here are its files, its network and its processes; services are not to be managed from here.';
  const script = [
    `${enter} true 2>/dev/null && exec ${enter} sh -c "$1"`,
    `echo '${words}' >&2`,
    `exec chroot ${hostFolder} sh -c "$1"`,
  ].join('; ');
  return ['sh', '-c', script, 'sh', bestShell];
}

/** Path of an exec or attach, which is opened as a WebSocket. */
export function remotePath(
  verb: 'exec' | 'attach',
  pod: { namespace: string; name: string },
  options: { container: string | undefined; command?: readonly string[]; tty: boolean; stdin: boolean },
): string {
  const query = new URLSearchParams();
  for (const part of options.command ?? []) query.append('command', part);
  if (options.container !== undefined) query.set('container', options.container);
  query.set('stdin', String(options.stdin));
  query.set('stdout', 'true');
  // With a terminal there is one way out.
  query.set('stderr', String(!options.tty));
  query.set('tty', String(options.tty));
  return `${podPath(pod)}/${verb}?${query}`;
}

export function podPath({ namespace, name }: { namespace: string; name: string }): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
}
