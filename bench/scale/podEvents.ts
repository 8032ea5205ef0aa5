import { decodeMessage, encodeMessage, messageTypeOf } from '../../src/core/kube/projectors/index.ts';
import { readWatchFrame } from '../../src/core/kube/reflector/protobufStream.ts';
import { protobufFrames } from '../../src/core/simulator/api/encoding.ts';
import { chunksOf } from './recording.ts';
import { clusterDigits, clusterLetter, findPatches, type Patches, type Replayed } from './replayed.ts';
import { chunk, type ReplayedServer } from './replayedServer.ts';

/** Probes' restart counts begin here, those of the noise end below it. */
const firstProbe = 100_000;
const probeCount = 10;
const noisyEach = 1_000;
const versionDigits = '900000000';
const tickMs = 5;
/** A client that is this far behind gets no more noise: the rate that is reported is the one that was taken. */
const behindBytes = 4 * 1024 * 1024;

interface Template extends Patches {
  name: string;
  bytes: Buffer;
  version: number;
  restarts: number;
}

/** Changes of recorded pods, as an API server sends them: whole objects with a new version and other restart counts. */
export class PodEvents {
  readonly #servers: readonly ReplayedServer[];
  readonly #probes: Template[];
  readonly #noise: Template[];
  #version = Number(versionDigits);
  /** Never the same number twice, so that a row that is painted anew is no answer. */
  #nextProbe = firstProbe;

  constructor(replayed: Replayed, servers: readonly ReplayedServer[]) {
    this.#servers = servers;
    const pods = readPods(replayed).sort((one, other) => (one.name < other.name ? -1 : 1));
    // Sorted by name over all clusters, the first cluster's first deployment is on top: probes are among its pods.
    this.#probes = pods.slice(2, 2 + probeCount).map(toTemplate);
    const stride = Math.floor((pods.length - 100) / noisyEach);
    this.#noise = pods.filter((_, index) => index >= 100 && index % stride === 0).map(toTemplate);
  }

  /** Resolves with the events that were sent, and when each probe was, in milliseconds since the epoch. */
  async send(order: { perSecond: number; probesPerSecond: number; seconds: number }) {
    const { perSecond, probesPerSecond, seconds } = order;
    const targets = this.#servers.map(
      ({ watches }) => [...watches].find(({ path }) => path === '/api/v1/pods')?.socket,
    );
    const probedAt: [number, number][] = [];
    let noise = 0;
    let skipped = 0;
    const started = performance.now();
    let elapsed = 0;
    while (elapsed < seconds) {
      await new Promise((resolve) => setTimeout(resolve, tickMs));
      elapsed = (performance.now() - started) / 1_000;
      const due: Buffer[][] = targets.map(() => []);
      while (noise + skipped < elapsed * (perSecond - probesPerSecond)) {
        const turn = noise + skipped;
        const cluster = turn % targets.length;
        if ((targets[cluster]?.writableLength ?? behindBytes) >= behindBytes) {
          skipped++;
          continue;
        }
        const round = Math.floor(turn / targets.length);
        const template = this.#noise[round % this.#noise.length] as Template;
        due[cluster]?.push(this.#event(template, cluster, firstProbe - 1 - Math.floor(round / this.#noise.length)));
        noise++;
      }
      while (probedAt.length < elapsed * probesPerSecond) {
        const restarts = this.#nextProbe++;
        due[0]?.push(this.#event(this.#probes[probedAt.length % probeCount] as Template, 0, restarts));
        probedAt.push([restarts, performance.timeOrigin + performance.now()]);
      }
      for (const [cluster, events] of due.entries())
        if (events.length > 0) targets[cluster]?.write(Buffer.concat(events));
    }
    return { sent: noise + probedAt.length, skipped, seconds: elapsed, probedAt };
  }

  #event(template: Template, cluster: number, restarts: number): Buffer {
    const bytes = Buffer.from(template.bytes);
    const [high, low] = clusterDigits(cluster);
    for (const at of template.uids) {
      bytes[at] = high;
      bytes[at + 1] = low;
    }
    for (const at of template.names) bytes[at] = clusterLetter(cluster);
    bytes.write(String(++this.#version), template.version, 'latin1');
    bytes.set(varint(restarts), template.restarts);
    return bytes;
  }
}

interface RecordedPod {
  metadata: { name: string; resourceVersion: string };
  status: { containerStatuses: { restartCount: number }[] };
  name: string;
}

function readPods(replayed: Replayed): RecordedPod[] {
  const answer = replayed.find({ path: '/api/v1/pods', form: 'protobufWatch', gzip: false, limit: 0, page: 0 });
  const type = messageTypeOf('', 'v1', 'Pod');
  if (answer === undefined || type === undefined) throw new Error('No streaming list of pods was recorded');
  const frames = Buffer.concat(chunksOf(replayed.body(answer)).map(({ data }) => data));
  const pods: RecordedPod[] = [];
  for (let at = 0; at < frames.length; ) {
    const end = at + 4 + frames.readUInt32BE(at);
    readWatchFrame(frames, at + 4, end, {
      object(_op, bytes, start, stop) {
        const pod = decodeMessage(type, bytes, start, stop) as unknown as RecordedPod;
        pods.push({ ...pod, name: pod.metadata.name });
      },
      bookmark() {},
      error(failure) {
        throw failure;
      },
    });
    at = end;
  }
  return pods;
}

function toTemplate({ name, ...pod }: RecordedPod): Template {
  const [first, ...more] = pod.status.containerStatuses;
  const changed = {
    ...pod,
    metadata: { ...pod.metadata, resourceVersion: versionDigits },
    status: { ...pod.status, containerStatuses: [{ ...first, restartCount: firstProbe }, ...more] },
  };
  const type = messageTypeOf('', 'v1', 'Pod') ?? '';
  const bytes = chunk(protobufFrames('v1', 'Pod')('MODIFIED', encodeMessage(type, changed)));
  return {
    name,
    bytes,
    ...findPatches(bytes),
    version: onlyAt(bytes, Buffer.from(versionDigits)),
    // Field 5 of a container's status.
    restarts: onlyAt(bytes, Buffer.from([0x28, ...varint(firstProbe)])) + 1,
  };
}

function onlyAt(bytes: Buffer, wanted: Buffer): number {
  const at = bytes.indexOf(wanted);
  if (at < 0 || bytes.indexOf(wanted, at + 1) >= 0)
    throw new Error('An event cannot be written over: its place is not known');
  return at;
}

/** A number from 2^14 to 2^21 - 1, as protobuf writes it. */
function varint(number: number): number[] {
  return [(number & 127) | 128, ((number >> 7) & 127) | 128, number >> 14];
}
