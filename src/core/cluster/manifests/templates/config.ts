import type { Template } from '../contract.ts';

/** What they are given. */
export const config: readonly Template[] = [
  {
    id: 'configmap',
    title: 'ConfigMap',
    description: 'Settings and files for containers.',
    text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  LOG_LEVEL: info
  app.properties: |
    color=green
    retries=3
`,
  },
  {
    id: 'secret',
    title: 'Secret',
    description: 'Values that are not shown. Under stringData they are written as they are.',
    text: `apiVersion: v1
kind: Secret
metadata:
  name: credentials
type: Opaque
stringData:
  username: ""
  password: ""
`,
  },
  {
    id: 'pvc',
    title: 'PersistentVolumeClaim',
    description: 'Storage that outlives its pods.',
    text: `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  # storageClassName: standard
  resources:
    requests:
      storage: 10Gi
`,
  },
];
