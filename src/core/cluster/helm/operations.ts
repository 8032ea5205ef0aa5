import { stringify } from 'yaml';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import { chartPlace, type HelmCall, type HelmProgram, missing } from '../../kube/helm/index.ts';
import type { FieldChange } from '../../platform/audit/contract.ts';
import type { Permissions } from '../actions/index.ts';
import type { Plan, Step } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { fetchFlags } from './chart.ts';
import { chartFiles } from './chartFiles.ts';
import type { Left, Operation, ReleaseDiff, ReleaseName, Right } from './contract.ts';
import { hideValues, scrub, unhide } from './hidden.ts';
import { leftBehind } from './left.ts';
import { diffBodies, findRevision, hiddenTexts, readValues } from './release.ts';
import { type Known, lacking } from './rights.ts';
import { parseBody, type ReleaseBody } from './sources/body.ts';
import { fetchBody, revisionsOf, type StoredRevision } from './sources/storage.ts';

/** As changes and their record call a release. */
const releaseKind = 'releases.helm.sh';
const mostRecorded = 100;

interface Deps {
  fleet: OpenClusters;
  program: HelmProgram;
  permissions: Permissions;
  /** Something was written there. */
  written(cluster: string): void;
}

/** Where a release stands. */
interface Now {
  stored: StoredRevision;
  body: ReleaseBody;
  revisions: readonly StoredRevision[];
}

/** What helm is called with. */
interface Call extends Pick<HelmCall, 'args' | 'input' | 'chart' | 'driver'> {
  /** Texts that are not to be shown. */
  secrets: readonly string[];
}

interface Preview {
  diff: ReleaseDiff;
  notes: string[];
  left: Left[];
  lacks: Right[];
}

/** What an operation would do, by a dry run at the server. Rejects with helm's own words. */
export async function previewOperation(deps: Deps, operation: Operation, signal: AbortSignal): Promise<Preview> {
  const now = await standing(deps, operation, signal, operation.operation === 'install');
  const lacks = (after?: string) => lackingFor(deps, operation, now, after);
  switch (operation.operation) {
    case 'test': {
      const tests = now?.body.hooks.filter(({ events }) => events?.includes('test')) ?? [];
      return {
        diff: { values: [], manifest: [] },
        notes: [
          tests.length === 0
            ? 'The chart has no tests.'
            : `These run: ${tests.map(({ kind, name }) => `${kind} ${name}`).join(', ')}.`,
        ],
        left: [],
        lacks: await lacks(),
      };
    }
    case 'uninstall':
      return {
        diff: { values: [], manifest: diffBodies(now?.body, undefined, false).manifest },
        notes: [
          operation.keepHistory
            ? 'The history stays: it can be rolled back.'
            : 'The history goes, too: it can only be installed anew.',
          ...(now === undefined ? [] : hookNotes(now.body, 'delete')),
        ],
        left: now === undefined ? [] : await leftBehind(deps.fleet, operation, now.body, signal),
        lacks: await lacks(),
      };
    case 'rollback': {
      const target = await bodyOf(deps, now, operation.revision, signal);
      return {
        diff: diffBodies(now?.body, target, false),
        notes: hookNotes(target, 'rollback'),
        left: [],
        lacks: await lacks(target.manifest),
      };
    }
    default: {
      // Who may not is told so in the API server's words, not by helm's failure at the first thing that it reads.
      const before = await lacks();
      if (before.length > 0) return { diff: { values: [], manifest: [] }, notes: [], left: [], lacks: before };
      const call = await callOf(deps, operation, now);
      const body = await dryRun(deps, operation, call, signal);
      return {
        diff: diffBodies(now?.body, body, false),
        notes: hookNotes(body, operation.operation),
        left: [],
        lacks: await lacks(body.manifest),
      };
    }
  }
}

/** What the user lacks for each operation on what is there, before it is known what it would lead to. */
export async function rightsOf(
  deps: Deps,
  place: Pick<ReleaseName, 'cluster' | 'namespace'> & { name?: string | undefined },
  signal: AbortSignal,
): Promise<Partial<Record<Operation['operation'], Right[]>>> {
  const { name, ...where } = place;
  const cluster = clusterOf(deps, where.cluster);
  const now = name === undefined ? undefined : await standing(deps, { ...where, name }, signal, false);
  const known: Known = { storage: now?.stored.storage ?? 'secret', before: now?.body.manifest ?? '' };
  const kinds = now === undefined ? (['install'] as const) : (['upgrade', 'rollback', 'uninstall', 'test'] as const);
  const found = await Promise.all(
    kinds.map(async (kind) => [kind, await lacking(deps.permissions, cluster, where, kind, known)] as const),
  );
  return Object.fromEntries(found.filter(([, lacks]) => lacks.length > 0));
}

function lackingFor(deps: Deps, operation: Operation, now: Now | undefined, after?: string): Promise<Right[]> {
  return lacking(deps.permissions, clusterOf(deps, operation.cluster), operation, operation.operation, {
    storage: now?.stored.storage ?? 'secret',
    before: now?.body.manifest ?? '',
    after,
    createNamespace: operation.operation === 'install' && operation.createNamespace,
  });
}

function clusterOf({ fleet }: Deps, id: string): NonNullable<ReturnType<OpenClusters['byId']>> {
  const cluster = fleet.byId(id);
  if (cluster !== undefined) return cluster;
  throw new KubeSageError('notFound', `There is no cluster ${id}`);
}

/** The plan that does it: one step, with the way back where there is one. */
export function planOf(deps: Deps, operation: Operation): Plan {
  return {
    action: `helm.${operation.operation}`,
    title: titleOf(operation),
    danger: operation.operation === 'uninstall',
    steps: [stepOf(deps, operation)],
    atOnce: 1,
  };
}

/** The command line that does the same. */
export function commandLine(fleet: OpenClusters, operation: Operation): string {
  const { cluster, namespace, name } = operation;
  const rest = argsOf(operation, 4).map((arg) => (arg === chartPlace ? 'CHART' : arg.replace(/=-$/, '=values.yaml')));
  const context = fleet.byId(cluster)?.name ?? cluster;
  return ['helm', operation.operation, name, ...rest, `--namespace=${namespace}`, `--kube-context=${context}`]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

function stepOf(deps: Deps, operation: Operation): Step {
  const { cluster, namespace, name } = operation;
  const object = { cluster, kind: releaseKind, namespace, name };
  return {
    object,
    danger: operation.operation === 'uninstall',
    async perform({ act, say, signal }) {
      const now = await standing(deps, operation, signal, operation.operation === 'install');
      const [lack] = await lackingFor(deps, operation, now);
      if (lack !== undefined) throw new KubeSageError('forbidden', lack.reason);
      const call = await callOf(deps, operation, now);
      let last = '';
      await act({
        object,
        request: commandLine(deps.fleet, operation),
        inverse: inverseOf(deps, operation, now),
        perform: async (ending) => {
          try {
            await deps.program.run({ ...call, cluster, namespace, signal: ending, onLine: teller(call.secrets, say) });
          } catch (error) {
            throw scrubbed(error, call.secrets);
          } finally {
            deps.written(cluster);
          }
          const after = await standing(deps, operation, ending, true);
          last = after === undefined ? 'Uninstalled' : `Revision ${after.stored.revision}: ${after.stored.status}`;
          return recorded(now, after);
        },
      });
      return last;
    },
  };
}

/** Output line by line, up to the notes: those are the release's own and stand in its detail. */
function teller(secrets: readonly string[], say: (text: string) => void): NonNullable<HelmCall['onLine']> {
  let notes = false;
  return (line, from) => {
    if (from === 'out' && line.startsWith('NOTES:')) notes = true;
    if (line !== '' && !(notes && from === 'out')) say(scrub(line, secrets).slice(0, 500));
  };
}

function scrubbed(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof KubeSageError)) return error;
  const { code, message, hint } = error;
  const conflict = /conflict/i.test(message) && /field manager|apply failed/i.test(message);
  return new KubeSageError(conflict ? 'conflict' : code, scrub(message, secrets), {
    hint: conflict ? 'Somebody else has changed these fields since: take them over, or give them up there.' : hint,
  });
}

function inverseOf(deps: Deps, operation: Operation, now: Now | undefined): Step | null {
  const { cluster, namespace, name } = operation;
  const revision = now?.stored.revision;
  const back = { cluster, namespace, name, operation: 'rollback', wait: false, takeOver: false } as const;
  switch (operation.operation) {
    case 'install':
      return stepOf(deps, { cluster, namespace, name, operation: 'uninstall', keepHistory: false });
    case 'upgrade':
    case 'rollback':
      return revision === undefined ? null : stepOf(deps, { ...back, revision, takeOver: operation.takeOver });
    case 'uninstall':
      return revision === undefined || !operation.keepHistory ? null : stepOf(deps, { ...back, revision });
    case 'test':
      return null;
  }
}

/** undefined when there is no such release and there need not be one. */
async function standing(
  deps: Deps,
  wanted: ReleaseName,
  signal: AbortSignal,
  mayBeAbsent: boolean,
): Promise<Now | undefined> {
  try {
    const revisions = await revisionsOf(deps.fleet, wanted, signal);
    return { stored: revisions[0], body: await fetchBody(deps.fleet, revisions[0], signal), revisions };
  } catch (error) {
    if (mayBeAbsent && toErrorValue(error).code === 'notFound') return undefined;
    throw error;
  }
}

async function bodyOf(deps: Deps, now: Now | undefined, revision: number, signal: AbortSignal): Promise<ReleaseBody> {
  return fetchBody(deps.fleet, findRevision(now?.revisions ?? [], revision), signal);
}

async function callOf(deps: Deps, operation: Operation, now: Now | undefined): Promise<Call> {
  const found = await deps.program.find();
  if (found === null) throw missing();
  const args = [
    operation.operation,
    operation.name,
    ...argsOf(operation, found.major),
    `--namespace=${operation.namespace}`,
  ];
  const driver = now?.stored.storage ?? 'secret';
  const secrets = now === undefined ? [] : hiddenTexts(now.body);
  if (operation.operation !== 'install' && operation.operation !== 'upgrade') return { args, driver, secrets };
  const before = now?.body.config ?? {};
  const values = operation.values === undefined ? before : unhide(readValues(operation.values), before);
  return {
    args,
    driver,
    input: stringify(values),
    secrets: [...secrets, ...hideValues(values).texts],
    ...(operation.operation === 'upgrade' &&
      operation.chart === undefined &&
      now !== undefined && { chart: chartFiles(now.body) }),
  };
}

function argsOf(operation: Operation, major: number): string[] {
  const wait = 'wait' in operation && operation.wait ? ['--wait'] : [];
  // Helm 3 knows no owners of fields: it takes what it applies.
  const takeOver = 'takeOver' in operation && operation.takeOver && major >= 4 ? ['--force-conflicts'] : [];
  const fetched = 'chart' in operation && operation.chart ? fetchFlags({ ...operation, chart: operation.chart }) : [];
  switch (operation.operation) {
    case 'install':
      return [
        operation.chart,
        '--values=-',
        ...fetched,
        ...(operation.createNamespace ? ['--create-namespace'] : []),
        ...wait,
      ];
    case 'upgrade':
      return [operation.chart ?? chartPlace, '--reset-values', '--values=-', ...fetched, ...wait, ...takeOver];
    case 'rollback':
      return [String(operation.revision), ...wait, ...takeOver];
    case 'uninstall':
      return operation.keepHistory ? ['--keep-history'] : [];
    case 'test':
      return ['--logs'];
  }
}

async function dryRun(deps: Deps, operation: Operation, call: Call, signal: AbortSignal): Promise<ReleaseBody> {
  const { cluster, namespace } = operation;
  let output: string;
  try {
    const args = [...call.args, '--dry-run=server', '--output=json'];
    output = await deps.program.run({ ...call, args, cluster, namespace, signal });
  } catch (error) {
    throw scrubbed(error, call.secrets);
  }
  try {
    // Words on what was fetched from a registry come before.
    return parseBody(output.slice(Math.max(0, output.search(/^\{/m))));
  } catch {
    throw new KubeSageError('internal', "Helm's dry run answers with something that is not understood", {
      hint: 'It may be too old: 3.13 and newer are known.',
    });
  }
}

function hookNotes(body: ReleaseBody, operation: 'install' | 'upgrade' | 'rollback' | 'delete'): string[] {
  const hooks = body.hooks.filter(({ events }) => events?.some((event) => event.endsWith(`-${operation}`)));
  if (hooks.length === 0) return [];
  return [`Hooks run: ${hooks.map(({ kind, name, events }) => `${kind} ${name} (${events?.join(', ')})`).join('; ')}.`];
}

/** What the record keeps: hidden as it is shown. */
function recorded(before: Now | undefined, after: Now | undefined): FieldChange[] {
  const { values, manifest } = diffBodies(before?.body, after?.body, false);
  return [
    {
      path: '/revision',
      ...(before !== undefined && { before: before.stored.revision }),
      ...(after !== undefined && { after: after.stored.revision }),
    },
    ...values.map((change) => ({ ...change, path: `/values${change.path}` })),
    ...manifest.flatMap(({ object, change, changes }): FieldChange[] => {
      const path = `/manifest/${object.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (change === 'added') return [{ path, after: 'added' }];
      if (change === 'removed') return [{ path, before: 'removed' }];
      return changes.map((each) => ({ ...each, path: path + each.path }));
    }),
  ].slice(0, mostRecorded);
}

function titleOf(operation: Operation): string {
  const { name } = operation;
  switch (operation.operation) {
    case 'install':
      return `Install ${name}`;
    case 'upgrade':
      return `Upgrade ${name}`;
    case 'rollback':
      return `Roll ${name} back to revision ${operation.revision}`;
    case 'uninstall':
      return `Uninstall ${name}`;
    case 'test':
      return `Test ${name}`;
  }
}
