import { meta } from '../../kube/columns/schema.ts';
import type { Table } from '../../kube/columns/table.ts';

/** Kind that tells what Argo CD manages: it marks objects by an annotation, which lists do not carry. */
export const argoApplications = 'applications.argoproj.io';

/** Labels by which Flux marks what it manages; a release says more than the kustomization that brought it. */
const fluxLabels = ['helm.toolkit.fluxcd.io/name', 'kustomize.toolkit.fluxcd.io/name'];

/** Key of an object in what `trackedBy` finds. */
export function trackedKey(kindName: string, namespace: string, name: string): string {
  return `${kindName}/${namespace}/${name}`;
}

/** The application of Argo CD for each object of a cluster that one manages in its own cluster. */
export function trackedBy(table: Table | undefined, index: number): Map<string, string> {
  const found = new Map<string, string>();
  if (table === undefined) return found;
  const [destination, tracked] = [table.column('destination'), table.column('tracked')];
  if (destination === -1 || tracked === -1) return found;
  for (const row of table.rowsOf(index)) {
    if (!isOwnCluster(table.text(row, destination))) continue;
    const application = table.text(row, meta.name);
    for (const { kind, namespace = '', name } of resourcesIn(table.text(row, tracked))) {
      found.set(trackedKey(kind, namespace, name), application);
    }
  }
  return found;
}

/** The application that Flux's labels tell, as the labels column has them; undefined when there are none. */
export function fluxApplication(labels: string): string | undefined {
  for (const label of fluxLabels) {
    const start = labels.startsWith(`${label}=`) ? 0 : labels.indexOf(`\n${label}=`) + 1;
    if (start === 0 && !labels.startsWith(`${label}=`)) continue;
    const end = labels.indexOf('\n', start);
    const name = labels.slice(start + label.length + 1, end === -1 ? undefined : end);
    if (name !== '') return name;
  }
  return undefined;
}

function isOwnCluster(text: string): boolean {
  const [destination] = parsed<{ server?: string; name?: string }>(text);
  return (
    destination?.name === 'in-cluster' || /^https:\/\/kubernetes\.default\.svc\/?$/.test(destination?.server ?? '')
  );
}

function resourcesIn(text: string): { kind: string; namespace?: string; name: string }[] {
  return parsed<{ kind: string; namespace?: string; name: string }>(text).filter(
    (each) => typeof each?.kind === 'string' && typeof each.name === 'string',
  );
}

function parsed<T>(text: string): T[] {
  if (text === '') return [];
  try {
    return JSON.parse(`[${text}]`) as T[];
  } catch {
    // Written by whoever may write the application's status: it tracks nothing then.
    return [];
  }
}
