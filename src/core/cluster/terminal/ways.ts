import { KubeSageError } from '../../kernel/errors.ts';
import type { Upgraded } from '../../kube/transport/index.ts';
import { Channels, remoteProtocols } from './channels.ts';
import { nodeShellCommand, remotePath, shellCommand } from './commands.ts';
import type { TerminalSize, TerminalTarget } from './contract.ts';
import { type Line, type LineEvents, localLine } from './line.ts';
import { containersOf, isWindows, specOf } from './model.ts';
import type { Places, TerminalDeps } from './places.ts';
import { bestPod } from './workloads.ts';

/** Where a terminal goes: a container that is there, or this computer. */
export type Way =
  | {
      verb: 'exec' | 'attach';
      pod: { namespace: string; name: string };
      container: string | undefined;
      command?: readonly string[];
      tty: boolean;
      stdin: boolean;
      /** Nothing is there to be seen before something is typed. */
      silent?: boolean;
    }
  | { verb: 'local'; tty: true };

/** Makes what is to be there, and says where to go. */
export async function findWay(
  deps: TerminalDeps,
  target: TerminalTarget,
  places: Places,
  signal: AbortSignal,
  say: (message: string) => void,
): Promise<Way> {
  switch (target.mode) {
    case 'exec': {
      const object = await bestPod(deps.fleet, target.object, signal);
      const found = await places.pod(object, signal);
      const container =
        target.container ?? (found && containersOf(found).find((each) => each.default)?.name) ?? undefined;
      const command = target.command ?? shellCommand(found !== undefined && isWindows(found));
      return { verb: 'exec', pod: podOf(object), container, command, tty: target.tty, stdin: true };
    }
    case 'attach': {
      const object = await bestPod(deps.fleet, target.object, signal);
      const found = await places.pod(object, signal);
      const container = target.container ?? (found && containersOf(found).find((each) => each.default)?.name);
      const spec = found && container !== undefined ? specOf(found, container) : undefined;
      return { verb: 'attach', pod: podOf(object), container, tty: spec?.tty === true, stdin: spec?.stdin === true };
    }
    case 'debug': {
      const object = await bestPod(deps.fleet, target.object, signal);
      const container = await places.debugContainer({ ...target, object }, signal, say);
      return { verb: 'attach', pod: podOf(object), container, tty: true, stdin: true, silent: true };
    }
    case 'node': {
      const pod = await places.nodePod(target, signal, say);
      return { verb: 'exec', pod, container: 'shell', command: nodeShellCommand(), tty: true, stdin: true };
    }
    case 'local':
      await deps.agreeToLocal();
      return { verb: 'local', tty: true };
  }
}

/** Goes there. Rejects with what the server or the system says. */
export async function connect(
  deps: TerminalDeps,
  { object }: TerminalTarget,
  way: Way,
  options: { size: TerminalSize; signal: AbortSignal; events: LineEvents },
): Promise<Line> {
  const { size, signal, events } = options;
  if (way.verb === 'local') {
    if (deps.localShells === undefined) throw noLocalShells();
    const { cluster, namespace } = object;
    const shell = await deps.localShells.open({ cluster, namespace, ...size }, signal);
    return localLine(shell, events, deps.removals);
  }
  const socket: Upgraded = await deps.fleet.upgrade(object.cluster, {
    path: remotePath(way.verb, way.pod, way),
    protocols: remoteProtocols,
    signal,
  });
  const channels = new Channels(socket, events);
  if (way.tty) channels.resize(size);
  return channels;
}

export function noLocalShells(): KubeSageError {
  return new KubeSageError('forbidden', 'A shell on this computer is given by the desktop application only', {
    hint: 'In a browser, open a terminal in the cluster, or use kubectl in a terminal of your own.',
  });
}

function podOf({ namespace, name }: { namespace: string; name: string }): { namespace: string; name: string } {
  return { namespace, name };
}
