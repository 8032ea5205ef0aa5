import type { Template } from '../contract.ts';

/** Who they are, and what they may do. */
export const access: readonly Template[] = [
  {
    id: 'serviceaccount',
    title: 'ServiceAccount',
    description: 'Who a workload is; without a token in its pods, unless they ask for one.',
    text: `apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
automountServiceAccountToken: false
`,
  },
  {
    id: 'role',
    title: 'Role and RoleBinding',
    description: 'What a service account may do in its namespace.',
    text: `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: config-reader
rules:
  - apiGroups: [""]
    resources: [configmaps]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: config-reader
subjects:
  - kind: ServiceAccount
    name: web
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: config-reader
`,
  },
];
