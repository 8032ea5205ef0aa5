import { readFileSync } from 'node:fs';
import { Agent, get } from 'node:https';
import { parse } from 'yaml';

/** What `kubectl get` prints: columns and cells as the API server makes them. */
export interface ServerTable {
  columnDefinitions: { name: string; type: string; format: string; priority: number }[];
  rows: { cells: unknown[]; object: { metadata: { name: string; namespace?: string; uid: string } } }[];
}

/** Asks an API server for tables as kubectl does. */
export interface TableReader {
  read(path: string): Promise<ServerTable>;
  close(): void;
}

/** @param kubeconfig path of one with certificates inside it */
export function connectTables(kubeconfig: string): TableReader {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const inside = (from: Record<string, string>, key: string) => Buffer.from(from[`${key}-data`] ?? '', 'base64');
  const agent = new Agent({
    keepAlive: true,
    ca: inside(clusters[0].cluster, 'certificate-authority'),
    cert: inside(users[0].user, 'client-certificate'),
    key: inside(users[0].user, 'client-key'),
  });
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
  return {
    read: (path) =>
      new Promise((resolve, reject) => {
        get(clusters[0].cluster.server + path, { agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            if (response.statusCode === 200) resolve(JSON.parse(text) as ServerTable);
            else reject(new Error(`${path}: ${response.statusCode} ${text.slice(0, 300)}`));
          });
        }).on('error', reject);
      }),
    close: () => agent.destroy(),
  };
}
