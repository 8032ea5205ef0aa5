import { type Clock, sleep } from '../../kernel/clock.ts';
import { KubeSageError, toErrorValue } from '../../kernel/errors.ts';
import { ApiFailure } from '../../kube/transport/index.ts';
import type { Step, StepContext } from '../changes/index.ts';
import type { OpenClusters } from '../fleet/openClusters.ts';
import { deletedMeanwhile, reconcile } from './edit.ts';
import type { Job, KubeObject, Target, WriteOptions } from './model.ts';
import { conflictsOf, isOwn } from './owners.ts';
import { applyRequest, createRequest, editRequest } from './requests.ts';
import { isDefinition, readJson, servedKind } from './targets.ts';

export interface PerformDeps {
  fleet: OpenClusters;
  clock: Clock;
}

/** So long a new kind or namespace may take to be usable. */
const comingMs = 30_000;
const attempts = 4;

/** The step that does what a document says. */
export function stepOf(deps: PerformDeps, job: Job, input: WriteOptions): Step {
  return { object: job.target.ref, perform: (context) => perform(deps, job, input, context) };
}

async function perform(deps: PerformDeps, job: Job, input: WriteOptions, context: StepContext): Promise<string> {
  const { target } = job;
  if (target.kindComes) await served(deps, target, context);
  if (hasOpened(job)) return edit(deps, job, input, context);
  const named = target.object.metadata.name !== undefined;
  const force = input.force || (named && (await onlyOwn(deps.fleet, target, context.signal)));
  const request = named ? applyRequest(target, force) : createRequest(target);
  const givenUpAt = deps.clock.steady() + comingMs;
  for (;;) {
    try {
      await context.send({
        object: target.ref,
        request,
        // The name is the server's: there is nothing to be compared, and no way back is known.
        ...(!named && { subject: null, inverse: null }),
      });
      break;
    } catch (error) {
      const comes = target.kindComes || target.namespaceComes;
      if (!comes || !isNotYet(error) || deps.clock.steady() > givenUpAt) throw withAdvice(error);
      context.say('Waits for its kind or namespace');
      await sleep(deps.clock, 500, context.signal);
    }
  }
  if (isDefinition(target.object)) await established(deps, target, context);
  return named ? 'Applied' : 'Created';
}

/**
 * Whether an apply would meet nobody but KubeSage itself: fields that its edits and actions wrote count for the server
 * as another manager's.
 */
async function onlyOwn(fleet: OpenClusters, target: Target, signal: AbortSignal): Promise<boolean> {
  const { path, contentType, body } = applyRequest(target, false);
  try {
    await fleet.request(target.ref.cluster, {
      method: 'PATCH',
      path: `${path}&dryRun=All`,
      headers: { Accept: 'application/json', 'Content-Type': contentType },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    // Whatever else is wrong is said by the request itself.
    const conflicts = error instanceof ApiFailure ? conflictsOf(error.causes) : [];
    return conflicts.length > 0 && conflicts.every(isOwn);
  }
  return false;
}

/** The patch is made for the version that is there; when that is another one by then, once more. */
async function edit(
  { fleet }: PerformDeps,
  { opened, target }: Job & { opened: KubeObject },
  { force }: WriteOptions,
  context: StepContext,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const live = await readJson<KubeObject>(fleet, target.ref.cluster, target.path, context.signal);
    if (live === undefined) throw deletedMeanwhile(target.ref.name);
    const { meanwhile, contested, patch } = reconcile(opened, target.object, live, target.ref.kind === 'secrets');
    if (contested && !force) {
      const theirs = meanwhile.filter((change) => change.contested);
      const words = theirs.map(({ path, manager }) => `${path}${manager === undefined ? '' : ` (${manager})`}`);
      throw new KubeSageError('conflict', `Changed since it was opened: ${words.join(', ')}`, {
        hint: 'Look at what was changed, then merge or overwrite.',
      });
    }
    if (patch === undefined) return 'Nothing to change';
    try {
      await context.send({ object: target.ref, request: editRequest(target, patch) });
      return meanwhile.length > 0 ? 'Changed; what others changed since it was opened stays' : 'Changed';
    } catch (error) {
      if (toErrorValue(error).code !== 'conflict' || attempt === attempts) throw error;
      context.say('It was changed at the same moment: once more');
    }
  }
}

async function served({ fleet, clock }: PerformDeps, target: Target, { say, signal }: StepContext): Promise<void> {
  const givenUpAt = clock.steady() + comingMs;
  while ((await servedKind(fleet, target.ref.cluster, target.object, signal)) === undefined) {
    if (clock.steady() > givenUpAt) {
      throw new KubeSageError(
        'timeout',
        `${target.object.kind} is not served ${comingMs / 1000} s after its definition`,
      );
    }
    say(`Waits until ${target.object.kind} is served`);
    await sleep(clock, 250, signal);
  }
}

async function established({ fleet, clock }: PerformDeps, target: Target, { say, signal }: StepContext): Promise<void> {
  const givenUpAt = clock.steady() + comingMs;
  for (;;) {
    const live = await readJson<{ status?: { conditions?: { type: string; status: string; message?: string }[] } }>(
      fleet,
      target.ref.cluster,
      target.path,
      signal,
    );
    const conditions = live?.status?.conditions ?? [];
    if (conditions.some(({ type, status }) => type === 'Established' && status === 'True')) return;
    const refused = conditions.find(({ type, status }) => type === 'NamesAccepted' && status === 'False');
    if (refused !== undefined) throw new KubeSageError('conflict', refused.message ?? 'Its names are taken');
    if (clock.steady() > givenUpAt) return;
    say('Waits until it is established');
    await sleep(clock, 250, signal);
  }
}
function hasOpened(job: Job): job is Job & { opened: KubeObject } {
  return job.opened !== undefined;
}

/** Served in a moment: the kind's handler, the namespace in a cache, its service account. */
function isNotYet(error: unknown): boolean {
  const { code, message } = toErrorValue(error);
  return code === 'notFound' || (code === 'forbidden' && message.includes('serviceaccount'));
}

function withAdvice(error: unknown): unknown {
  if (!(error instanceof ApiFailure) || conflictsOf(error.causes).length === 0) return error;
  return new KubeSageError('conflict', error.message, {
    hint: 'Leave these fields out of the text, or apply with force to take them over.',
    cause: error,
  });
}
