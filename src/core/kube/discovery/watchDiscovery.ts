import { type Clock, sleep, systemClock } from '../../kernel/clock.ts';
import type { Disposable } from '../../kernel/disposable.ts';
import { toDisposable } from '../../kernel/disposable.ts';
import { toErrorValue } from '../../kernel/errors.ts';
import { Backoff } from '../reflector/backoff.ts';
import { LineSplitter } from '../reflector/frames.ts';
import { jsonVersion, readJsonList, readWatchLine } from '../reflector/jsonStream.ts';
import { ApiFailure, type Transport } from '../transport/index.ts';
import { type Discovery, discover } from './discover.ts';
import type { DiscoveredKind } from './discovered.ts';

export interface WatchDiscoveryOptions {
  /** What is known already; absent to have it discovered (and told) first. */
  known?: Discovery | undefined;
  /** Kinds have come, gone or changed their columns. */
  onChange: (discovery: Discovery) => void;
  /** Discovery failed; it is tried again by itself. */
  onProblem?: ((error: unknown) => void) | undefined;
  signal?: AbortSignal | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
}

/** Metadata is enough to learn that something changed: definitions themselves may be megabytes. */
const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const announcers = [
  '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  '/apis/apiregistration.k8s.io/v1/apiservices',
];
/**
 * When discovery is asked again after an event. The server announces a definition before it serves it, some seconds
 * may pass in between, and nothing tells when.
 */
const followUpsMs = [300, 1_500, 5_000, 15_000];
const lastFollowUpMs = 5_000;
const pollMs = 180_000;
const signInMs = 30_000;
/** Now and then all the same: an aggregated server may change what it serves without any event. */
const refreshMs = 600_000;

export interface DiscoveryWatch extends Disposable {
  /** Asks again soon: somebody knows of a change. */
  refresh(): void;
}

/** Keeps what a cluster serves up to date, until disposed or aborted. */
export function watchDiscovery(transport: Transport, options: WatchDiscoveryOptions): DiscoveryWatch {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const end = new AbortController();
  let known = options.known;
  let printed = known === undefined ? '' : fingerprint(known);
  let asking = false;
  let askAgain = false;
  let pending: Disposable[] = [];
  const backoff = new Backoff(clock, random);

  const askAfter = (pauses: readonly number[]) => {
    for (const timer of pending) timer.dispose();
    pending = pauses.map((afterMs) => clock.after(afterMs, () => void ask()));
  };

  const ask = async () => {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    try {
      const found = await discover(transport, { previous: known, signal: end.signal });
      if (end.signal.aborted) return;
      known = found;
      const now = fingerprint(found);
      if (now !== printed) {
        printed = now;
        // What the event announced is there; one more question for what it may have brought along.
        if (pending.length > 0) askAfter([lastFollowUpMs]);
        options.onChange(found);
      }
    } catch (error) {
      if (end.signal.aborted) return;
      options.onProblem?.(error);
      // Somebody has to sign in first; asking again at once would only start another login.
      const atLeastMs = toErrorValue(error).code === 'unauthenticated' ? signInMs : 1_000;
      pending.push(clock.after(atLeastMs + backoff.next(), () => void ask()));
    } finally {
      asking = false;
    }
    if (askAgain) {
      askAgain = false;
      void ask();
    }
  };

  const changed = () => askAfter(followUpsMs);

  const announced = (path: string) =>
    follow({ path, transport, clock, random, signal: end.signal, changed, refused: ask });
  const refresh = clock.every(refreshMs, () => void ask());
  const abort = () => end.abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted === true) end.abort();
  else {
    if (known === undefined) void ask();
    for (const path of announcers) void announced(path);
  }

  const ending = toDisposable(() => {
    options.signal?.removeEventListener('abort', abort);
    refresh.dispose();
    for (const timer of pending) timer.dispose();
    end.abort();
  });
  return { refresh: changed, dispose: () => ending.dispose() };
}

/** The same for whoever wants the kinds alone: all of them at first, and whenever they changed. */
export function followDiscovery(
  transport: Transport,
  listener: { onKinds(kinds: readonly DiscoveredKind[]): void; onProblem(error: unknown): void },
): DiscoveryWatch {
  return watchDiscovery(transport, {
    onChange: ({ kinds }) => listener.onKinds(kinds),
    onProblem: (error) => listener.onProblem(error),
  });
}

interface Following {
  path: string;
  transport: Transport;
  clock: Clock;
  random: () => number;
  signal: AbortSignal;
  changed: () => void;
  /** The announcer may not be watched; asked every few minutes instead. */
  refused: () => Promise<void>;
}

/** Watches one announcer until the end, from version to version. */
async function follow(following: Following): Promise<void> {
  const { clock, random, signal } = following;
  const backoff = new Backoff(clock, random);
  let version: string | undefined;
  let started = false;
  while (!signal.aborted) {
    let pauseMs = 0;
    try {
      if (version === undefined) {
        version = await newestVersion(following);
        // What happened while nobody watched is not told again.
        if (started) following.changed();
        started = true;
      }
      const startedAt = clock.steady();
      version = await watchFrom(following, version);
      if (clock.steady() - startedAt < 5_000) pauseMs = backoff.next();
    } catch (error) {
      if (signal.aborted) return;
      const status = error instanceof ApiFailure ? error.status : 0;
      const refused = [401, 403, 404, 405, 406].includes(status);
      if (status === 410 || status === 400 || !(error instanceof ApiFailure)) version = undefined;
      if (refused && started) await following.refused();
      started = true;
      pauseMs = refused ? pollMs * (0.8 + 0.4 * random()) : backoff.next();
    }
    if (pauseMs > 0) await sleep(clock, pauseMs, signal).catch(ignoreAbort(signal));
  }
}

/** Only the end interrupts a pause, and the loop sees it. */
function ignoreAbort(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

async function newestVersion({ transport, path, signal }: Following): Promise<string> {
  const { body } = await transport.request({
    path: `${path}?limit=1`,
    headers: { Accept: metadataOnly.replace('PartialObjectMetadata', 'PartialObjectMetadataList') },
    signal,
  });
  return readJsonList(body, () => undefined).resourceVersion;
}

/** Resolves with the version to go on from when the server ends the watch. */
async function watchFrom({ transport, path, random, signal, changed }: Following, from: string): Promise<string> {
  let version = from;
  const news = () => changed();
  const splitter = new LineSplitter((line, lineStart, lineEnd) =>
    readWatchLine(line, lineStart, lineEnd, {
      object: (_op, bytes, start, end) => {
        version = jsonVersion(bytes, start, end) || version;
        news();
      },
      bookmark: (reached) => {
        version = reached;
      },
      error: (failure) => {
        throw failure;
      },
    }),
  );
  const parameters = `watch=true&allowWatchBookmarks=true&timeoutSeconds=${Math.round(300 * (1 + random()))}`;
  await transport.stream({
    path: `${path}?${parameters}&resourceVersion=${encodeURIComponent(version)}`,
    headers: { Accept: metadataOnly },
    signal,
    headTimeoutMs: 30_000,
    onData: (bytes, start, end) => splitter.push(bytes, start, end),
  });
  return version;
}

/** Discoveries are compared by what a reader of the kinds could notice. */
function fingerprint({ kinds, problems }: Discovery): string {
  return JSON.stringify([kinds, problems]);
}
