/** Commands to paste into a shell. Every part that a shell could read otherwise is quoted. */

export interface KubectlTarget {
  /** Name of the kubeconfig context. */
  context: string;
  /** `pods`, `deployments.apps` */
  kind: string;
  /** '' for an object outside of namespaces. */
  namespace: string;
  name: string;
}

export function kubectlGet(target: KubectlTarget): string {
  const parts = ['kubectl', '--context', target.context];
  if (target.namespace !== '') parts.push('-n', target.namespace);
  parts.push('get', target.kind, target.name, '-o', 'yaml');
  return parts.map(shellWord).join(' ');
}

/** One word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
