import type { Principal } from '../../kernel/contract.ts';
import type { FieldChange } from '../../platform/audit/contract.ts';
import type { Finished } from '../../platform/recordings/index.ts';
import type { TerminalRecording, TerminalTarget } from './contract.ts';
import type { TerminalDeps } from './places.ts';
import type { Way } from './ways.ts';

interface Witnessed {
  session: string;
  target: TerminalTarget;
  way: Way;
  principal: Principal;
  recording: TerminalRecording | undefined;
}

type Deps = Pick<TerminalDeps, 'fleet' | 'audit'>;

/** That a terminal was opened, by whom and where; never what was typed or shown in it. */
export async function recordOpening(deps: Deps, witnessed: Witnessed, failure: unknown): Promise<void> {
  const { way, recording } = witnessed;
  await deps.audit.record({
    ...about(deps, witnessed),
    action: way.verb === 'local' ? 'localShell' : way.verb,
    request: way.verb === 'local' ? 'shell on this computer' : `POST ${addressOf(way)}`,
    changes: recording === undefined || failure !== undefined ? [] : [{ path: '/recording', after: recording.key }],
    result: failure === undefined ? 'done' : 'failed',
    ...(failure !== undefined && { error: failure instanceof Error ? failure.message : String(failure) }),
  });
}

/** That it ended, how, and by which hash what was recorded can be known. */
export async function recordEnd(
  deps: Deps,
  witnessed: Witnessed,
  end: { recorded: Finished | undefined; exitCode?: number | undefined; over?: string },
): Promise<void> {
  const { way } = witnessed;
  const { recorded, exitCode, over } = end;
  const changes: FieldChange[] = [
    ...(recorded === undefined
      ? []
      : [
          { path: '/recording', after: recorded.key },
          { path: '/sha256', after: recorded.sha256 },
          { path: '/seconds', after: recorded.seconds },
        ]),
    ...(exitCode === undefined ? [] : [{ path: '/exitCode', after: exitCode }]),
  ];
  await deps.audit.record({
    ...about(deps, witnessed),
    action: over === undefined ? 'recordingEnd' : 'terminalEnd',
    request: way.verb === 'local' ? 'shell on this computer' : `END ${addressOf(way)}`,
    changes,
    result: 'done',
  });
}

/** Entries of one terminal have its id in common. */
function about({ fleet }: Deps, { session, target, way, principal }: Witnessed) {
  const { object } = target;
  const cluster = fleet.byId(object.cluster);
  return {
    principal: principal.id,
    user: cluster?.user ?? '',
    run: session,
    cluster: object.cluster,
    clusterName: cluster?.name ?? object.cluster,
    ...(way.verb === 'local'
      ? { kind: 'clusters', namespace: object.namespace, name: '' }
      : { kind: 'pods', ...way.pod }),
  };
}

function addressOf(way: Exclude<Way, { verb: 'local' }>): string {
  const { pod, container, verb } = way;
  const query = container === undefined ? '' : `?container=${container}`;
  return `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/${verb}${query}`;
}
