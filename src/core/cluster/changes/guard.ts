import { createHash } from 'node:crypto';
import { KubeSageError } from '../../kernel/errors.ts';
import type { FleetCluster } from '../fleet/openClusters.ts';
import type { ObjectRef } from '../resources/contract.ts';
import type { Confirmation } from './contract.ts';
import type { Plan } from './model.ts';

/** More objects than this are asked about, whatever is done with them. */
const many = 10;
/** And more are not changed at once at all. */
export const mostAtOnce = 1000;

export interface Guarded {
  danger: boolean;
  objects: readonly ObjectRef[];
  clusterOf(id: string): Pick<FleetCluster, 'name' | 'protected'> | undefined;
}

/**
 * What has to be confirmed before a plan may run: protected clusters ask for their name, what loses something and what
 * changes much for a press.
 * @throws KubeSageError `tooLarge` for more than 1,000 objects
 */
export function confirmationFor({ danger, objects, clusterOf }: Guarded): Confirmation {
  if (objects.length > mostAtOnce) {
    throw new KubeSageError('tooLarge', `${objects.length} objects are more than are changed at once (${mostAtOnce})`, {
      hint: 'Narrow the selection.',
    });
  }
  const clusters = [...new Set(objects.map(({ cluster }) => cluster))].map((id) => clusterOf(id));
  const guarded = clusters.filter((cluster) => cluster?.protected === true).map((cluster) => cluster?.name ?? '');
  const reasons = [
    ...guarded.map((name) => `${name} is protected.`),
    ...(danger ? ['What is lost cannot always be brought back.'] : []),
    ...(objects.length > many ? [`${objects.length} objects are changed.`] : []),
    ...(clusters.length > 1 ? [`${clusters.length} clusters are changed.`] : []),
  ];
  if (guarded.length > 0) return { level: 'type', text: guarded[0] ?? '', reasons };
  return reasons.length > 0 ? { level: 'confirm', text: 'yes', reasons } : { level: 'none', text: '', reasons };
}

/** @throws KubeSageError `needsConfirmation` */
export function checkConfirmed(wanted: Confirmation, confirmed: string | undefined): void {
  if (wanted.level === 'none' || confirmed === wanted.text) return;
  throw new KubeSageError('needsConfirmation', wanted.reasons.join(' '), {
    hint:
      wanted.level === 'type'
        ? `Confirm by the name of the cluster: ${wanted.text}`
        : `Confirm it: \`confirmed\` is to be "${wanted.text}".`,
  });
}

/** What the user is asked outside of the page. */
export interface Question {
  message: string;
  detail: string;
  hashes: readonly string[];
}

const named = 20;

/** What is about to be done in a protected cluster, in words that name each object. */
export function questionOf(
  { title, steps }: Pick<Plan, 'title' | 'steps'>,
  clusterOf: (id: string) => Pick<FleetCluster, 'name' | 'protected'> | undefined,
): Question {
  const guarded = steps.filter(({ object }) => clusterOf(object.cluster)?.protected === true);
  const names = [...new Set(guarded.map(({ object }) => clusterOf(object.cluster)?.name ?? ''))];
  const lines = guarded.map(({ object: { kind, namespace, name } }) =>
    [kind, [namespace, name].filter(Boolean).join('/')].join(' '),
  );
  const more = lines.length > named ? [`and ${lines.length - named} more`] : [];
  return asked(`Change the protected cluster ${names.join(', ')}?`, [title, '', ...lines.slice(0, named), ...more]);
}

/** Who may take the protection away could do everything else, too. */
export function unprotectQuestion(cluster: string): Question {
  return asked(`Take the protection off ${cluster}?`, ['From then on it is changed without a question.']);
}

function asked(message: string, lines: readonly string[]): Question {
  const detail = lines.join('\n');
  return { message, detail, hashes: [createHash('sha256').update(`${message}\n${detail}`).digest('hex')] };
}
