import type { Template } from '../contract.ts';

/** How many there are, and where they live. */
export const limits: readonly Template[] = [
  {
    id: 'namespace',
    title: 'Namespace',
    description: 'With the pod security standard that most applications meet.',
    text: `apiVersion: v1
kind: Namespace
metadata:
  name: team
  labels:
    pod-security.kubernetes.io/enforce: baseline
    pod-security.kubernetes.io/warn: restricted
`,
  },
  {
    id: 'hpa',
    title: 'HorizontalPodAutoscaler',
    description: 'As many replicas as the load asks for.',
    text: `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
`,
  },
  {
    id: 'pdb',
    title: 'PodDisruptionBudget',
    description: 'How many pods a drain may take at once.',
    text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: web
`,
  },
];
