import { randomBytes } from 'node:crypto';
import { type Clock, sleep } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/contract.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { KubeSageError } from '../../kernel/errors.ts';
import type { LocalShells } from '../../kube/shell/index.ts';
import type { Audit } from '../../platform/audit/index.ts';
import type { Recordings } from '../../platform/recordings/index.ts';
import type { Changes, Plan } from '../changes/index.ts';
import type { ClusterStreams, OpenClusters } from '../fleet/index.ts';
import type { ObjectRef } from '../resources/contract.ts';
import { podPath, shellCommand } from './commands.ts';
import type { TerminalTarget } from './contract.ts';
import { debugPlan, nodePodPlan, removalPlan } from './debugPods.ts';
import { containersOf, isWindows, type Pod, statusOf } from './model.ts';

export interface TerminalDeps {
  fleet: OpenClusters & ClusterStreams;
  changes: Changes;
  audit: Audit;
  recordings: Recordings;
  /** Absent: this host has no shells on its computer to give. */
  localShells: LocalShells | undefined;
  /** Asks the user outside of the page before this computer is given to it; rejects with `cancelled`. */
  agreeToLocal(): Promise<void>;
  clock: Clock;
  /** What is being removed, shells that are ending: waited for before the program ends. */
  removals: Set<Promise<unknown>>;
}

const pollMs = 400;
/** An image may have to be pulled. */
const startMs = 180_000;
/** A kubelet may take so long to say how a container ended. */
const statusMs = 3000;
/** Reasons for waiting that waiting does not cure. */
const hopeless = ['ErrImageNeverPull', 'InvalidImageName', 'CreateContainerConfigError', 'CreateContainerError'];

type Target<M extends TerminalTarget['mode']> = Extract<TerminalTarget, { mode: M }>;

/** Finds and makes the containers that a terminal is opened in, and takes away what it made. */
export class Places implements Disposable {
  readonly #deps: TerminalDeps;
  readonly #by: { principal: Principal; confirmed: string | undefined };
  #made: { pod: ObjectRef; node: string } | undefined;

  constructor(deps: TerminalDeps, by: { principal: Principal; confirmed: string | undefined }) {
    this.#deps = deps;
    this.#by = by;
  }

  /** Undefined when it may not be read: who may not look into pods may still be allowed a shell in them. */
  async pod(object: ObjectRef, signal: AbortSignal): Promise<Pod | undefined> {
    try {
      return await readPod(this.#deps.fleet, object, signal);
    } catch (error) {
      if (error instanceof KubeSageError && error.code === 'forbidden') return undefined;
      throw error;
    }
  }

  /** Adds a debug container and returns its name when it runs. */
  async debugContainer(
    { object, image, target, profile, command }: Target<'debug'>,
    signal: AbortSignal,
    say: (text: string) => void,
  ): Promise<string> {
    const pod = await this.pod(object, signal);
    const name = `debug-${randomBytes(3).toString('hex')}`;
    const seen = target ?? (pod && containersOf(pod).find((each) => each.default)?.name);
    say('Adding the debug container');
    const program = command ?? shellCommand(pod !== undefined && isWindows(pod));
    await this.#change(debugPlan({ pod: object, name, image, target: seen, profile, command: program }));
    await this.#running(object, name, signal, say);
    return name;
  }

  /** Creates a privileged pod on the node and returns it when it runs. It is removed with this. */
  async nodePod(
    { object, image, namespace }: Target<'node'>,
    signal: AbortSignal,
    say: (text: string) => void,
  ): Promise<{ namespace: string; name: string }> {
    const name = `node-shell-${randomBytes(4).toString('hex')}`;
    const pod: ObjectRef = { cluster: object.cluster, kind: 'pods', namespace, name };
    say('Creating the pod');
    this.#made = { pod, node: object.name };
    try {
      await this.#change(nodePodPlan(pod, object.name, image));
    } catch (error) {
      this.#made = undefined;
      throw error;
    }
    await this.#running(pod, 'shell', signal, say);
    return { namespace, name };
  }

  /** How a container's program ended, which an attach is not told; undefined where it goes on, or nobody says. */
  async exitCode(object: ObjectRef, container: string, signal: AbortSignal): Promise<number | undefined> {
    const { clock, fleet } = this.#deps;
    const givenUpAt = clock.steady() + statusMs;
    for (;;) {
      const pod = await readPod(fleet, object, signal);
      const code = statusOf(pod, container)?.state?.terminated?.exitCode;
      if (code !== undefined || clock.steady() > givenUpAt) return code;
      await sleep(clock, pollMs, signal);
    }
  }

  dispose(): void {
    const made = this.#made;
    if (made === undefined) return;
    this.#made = undefined;
    const { changes, removals } = this.#deps;
    // Its end is among the changes, where a failure is told.
    const removal = changes.ended(changes.start(removalPlan(made.pod, made.node), this.#by));
    removals.add(removal);
    void removal.finally(() => removals.delete(removal));
  }

  /** Resolves when the change is done; rejects with what its one step says. */
  async #change(plan: Plan): Promise<void> {
    const { changes } = this.#deps;
    const { state, steps } = await changes.ended(changes.start(plan, this.#by));
    const [step] = steps;
    if (state !== 'done') throw new KubeSageError('unavailable', step?.message ?? 'It failed', { hint: step?.hint });
  }

  async #running(
    object: ObjectRef,
    container: string,
    signal: AbortSignal,
    say: (text: string) => void,
  ): Promise<void> {
    const { clock, fleet } = this.#deps;
    const givenUpAt = clock.steady() + startMs;
    for (let said = ''; ; await sleep(clock, pollMs, signal)) {
      const pod = await readPod(fleet, object, signal);
      const { running, waiting, terminated } = statusOf(pod, container)?.state ?? {};
      if (running !== undefined) return;
      if (terminated !== undefined) {
        throw new KubeSageError('unavailable', words('The container ended at once', terminated), {
          hint: 'Choose an image whose program waits for input, such as a shell.',
        });
      }
      const text = words('Waiting for the container', waiting);
      if (waiting?.reason !== undefined && hopeless.includes(waiting.reason)) {
        throw new KubeSageError('invalid', words('The container cannot start', waiting));
      }
      if (clock.steady() > givenUpAt) {
        throw new KubeSageError('timeout', `${text}: given up after ${startMs / 60_000} minutes`, {
          hint: "Look at the pod's events.",
        });
      }
      if (text !== said) say(text);
      said = text;
    }
  }
}

export async function readPod(
  fleet: TerminalDeps['fleet'],
  { cluster, namespace, name }: ObjectRef,
  signal: AbortSignal,
): Promise<Pod> {
  const answer = await fleet.request(cluster, {
    path: podPath({ namespace, name }),
    headers: { Accept: 'application/json' },
    signal,
  });
  return JSON.parse(new TextDecoder().decode(answer.body)) as Pod;
}

function words(what: string, why: { reason?: string; message?: string } | undefined): string {
  const reasons = [why?.reason, why?.message].filter((each) => each !== undefined && each !== '');
  return [what, ...reasons].join(': ');
}
