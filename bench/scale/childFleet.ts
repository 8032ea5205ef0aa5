import { writeFileSync } from 'node:fs';
import { scale } from '../../src/core/simulator/index.ts';

/**
 * A simulated fleet for the screens' figures: `childFleet.ts KUBECONFIG CLUSTERS PODS CHURN`. Every cluster has a custom
 * kind with some objects as well. Prints a line when the kubeconfig is written, and runs until it is ended.
 */
const [kubeconfig = '', clusters = '', pods = '', churn = ''] = process.argv.slice(2);
const customObjects = 40;

const fleet = await scale({ clusters: Number(clusters), pods: Number(pods), churnPerSecond: Number(churn) });
for (const { cluster } of fleet.simulators) {
  cluster.types.addDefinition(
    cluster.create('customresourcedefinitions.apiextensions.k8s.io', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'backups.bench.example.com' },
      spec: {
        group: 'bench.example.com',
        scope: 'Namespaced',
        names: { plural: 'backups', singular: 'backup', kind: 'Backup', listKind: 'BackupList' },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
            additionalPrinterColumns: [{ name: 'Phase', type: 'string', jsonPath: '.status.phase' }],
          },
        ],
      },
      status: { conditions: [{ type: 'Established', status: 'True' }], storedVersions: ['v1'] },
    }),
  );
  for (let at = 0; at < customObjects; at++) {
    cluster.create('backups.bench.example.com', {
      apiVersion: 'bench.example.com/v1',
      kind: 'Backup',
      metadata: { name: `backup-${at}`, namespace: 'default' },
      status: { phase: at % 7 === 0 ? 'Failed' : 'Completed' },
    });
  }
}
writeFileSync(kubeconfig, fleet.kubeconfig, { mode: 0o600 });
process.stdout.write('serving\n');
