import type { BatchBuilder } from '../columns/batchBuilder.ts';
import { say, type ToneIndex, tone } from './kind.ts';
import type { ObjectMeta } from './meta.ts';
import { isRecord } from './read.ts';

/** Conditions that sum up an object, the most telling first (the conventions of Kubernetes, Knative, Crossplane, Flux, Cluster API). */
const summaries = [
  'Ready',
  'Healthy',
  'Available',
  'Succeeded',
  'Synced',
  'Established',
  'Accepted',
  'Programmed',
  'Complete',
];
/** Conditions that are bad when true. */
const troubles = ['Failed', 'Degraded', 'Stalled', 'Failure', 'Error'];

const words: readonly (readonly [RegExp, ToneIndex])[] = [
  [
    /^(running|ready|active|healthy|available|bound|established|synced|ok|true|online|deployed|enabled|valid|open)$/i,
    tone.healthy,
  ],
  [
    /^(pending|progressing|creating|provisioning|initializing|starting|updating|upgrading|reconciling|scaling|outofsync|waiting|queued|scheduling|installing|syncing|issuing)$/i,
    tone.progressing,
  ],
  [/^(degraded|warning|partial\w*|unready|notready|missing)$/i, tone.warning],
  [/^(failed|failure|error|errored|unhealthy|false|crash\w*|lost|rejected|invalid|denied|offline)$/i, tone.failed],
  [
    /^(succeeded|completed?|terminating|deleting|suspended|paused|stopped|terminated|finished|cancell?ed|inactive|disabled|skipped)$/i,
    tone.stopped,
  ],
];

function toneOfWord(word: string): ToneIndex {
  return words.find(([pattern]) => pattern.test(word))?.[1] ?? tone.unknown;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/**
 * Status of an object whose kind is not known: what it says itself, in the order health (Argo CD), summary condition,
 * phase or state. Nothing of that means that there is nothing to be said: healthy, without a word.
 */
export function writeCustomStatus(object: unknown, meta: ObjectMeta, cells: BatchBuilder): void {
  const root = isRecord(object) ? object : {};
  const spec = isRecord(root.spec) ? root.spec : {};
  const status = isRecord(root.status) ? root.status : {};
  const suspended = spec.suspend === true || spec.suspended === true || spec.paused === true;
  const health = isRecord(status.health) ? status.health : {};
  if (text(health.status) !== '') {
    const sync = isRecord(status.sync) ? text(status.sync.status) : '';
    const word = text(health.status);
    const how = toneOfWord(word);
    const behind = how === tone.healthy && sync === 'OutOfSync';
    say(
      cells,
      meta,
      sync === '' || sync === 'Synced' ? word : `${word}, ${sync}`,
      behind ? tone.warning : how,
      text(health.message),
    );
    return;
  }
  const conditions = Array.isArray(status.conditions) ? status.conditions.filter(isRecord) : [];
  const trouble = conditions.find(({ type, status: holds }) => troubles.includes(text(type)) && holds === 'True');
  const found = trouble ?? summaries.flatMap((name) => conditions.filter(({ type }) => type === name))[0];
  const why = found === undefined ? '' : text(found.message) || text(found.reason);
  if (suspended) {
    say(cells, meta, 'Suspended', tone.stopped, why);
    return;
  }
  if (found !== undefined) {
    const name = text(found.type);
    if (trouble !== undefined) say(cells, meta, name, tone.failed, why);
    else if (found.status === 'True')
      say(cells, meta, name, name === 'Complete' || name === 'Succeeded' ? tone.stopped : tone.healthy);
    else if (found.status === 'False') {
      const moving = /progress|pending|creating|waiting|provision|reconcil|initiali|issuing|updating/i.test(
        text(found.reason),
      );
      say(cells, meta, `Not${name}`, moving ? tone.progressing : tone.failed, why);
    } else say(cells, meta, `${name} unknown`, tone.progressing, why);
    return;
  }
  for (const word of [text(status.phase), text(status.state), text(status.status)]) {
    if (word === '') continue;
    say(cells, meta, word, toneOfWord(word), text(status.message) || text(status.reason));
    return;
  }
  say(cells, meta, '', tone.healthy);
}

/** What it reads of the object. */
writeCustomStatus.reads = [
  ['spec', 'suspend'],
  ['spec', 'suspended'],
  ['spec', 'paused'],
  ['status', 'health', 'status'],
  ['status', 'health', 'message'],
  ['status', 'sync', 'status'],
  ['status', 'conditions'],
  ['status', 'phase'],
  ['status', 'state'],
  ['status', 'status'],
  ['status', 'message'],
  ['status', 'reason'],
] as readonly (readonly string[])[];
