import type { Template } from './contract.ts';

const container = `          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]`;

/** Manifests to begin with: complete, with limits and without rights that are not needed. */
export const templates: readonly Template[] = [
  {
    id: 'deployment',
    title: 'Deployment and Service',
    description: 'A stateless application with probes, requests and a stable address inside the cluster.',
    text: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
    spec:
      containers:
        - name: web
          image: registry.k8s.io/e2e-test-images/agnhost:2.53
          args: [netexec, --http-port=8080]
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
          livenessProbe:
            httpGet:
              path: /healthz
              port: http
            initialDelaySeconds: 10
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
            limits:
              memory: 128Mi
${container}
---
apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  selector:
    app.kubernetes.io/name: web
  ports:
    - name: http
      port: 80
      targetPort: http
`,
  },
  {
    id: 'cronjob',
    title: 'CronJob',
    description: 'Something that runs by the clock, one run at a time.',
    text: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "15 3 * * *"
  timeZone: Etc/UTC
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 600
  successfulJobsHistoryLimit: 3
  failedJobsHistoryLimit: 3
  jobTemplate:
    spec:
      backoffLimit: 2
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: docker.io/library/busybox:1.36
              command: [sh, -c, "date; echo done"]
              resources:
                requests:
                  cpu: 50m
                  memory: 32Mi
                limits:
                  memory: 64Mi
`,
  },
  {
    id: 'job',
    title: 'Job',
    description: 'Something that runs once to its end.',
    text: `apiVersion: batch/v1
kind: Job
metadata:
  name: task
spec:
  backoffLimit: 3
  activeDeadlineSeconds: 3600
  ttlSecondsAfterFinished: 86400
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: task
          image: docker.io/library/busybox:1.36
          command: [sh, -c, "echo done"]
          resources:
            requests:
              cpu: 50m
              memory: 32Mi
            limits:
              memory: 64Mi
`,
  },
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
    id: 'ingress',
    title: 'Ingress',
    description: 'A name and path from outside that lead to a Service.',
    text: `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  # ingressClassName: nginx
  tls:
    - hosts: [web.example.com]
      secretName: web-tls
  rules:
    - host: web.example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port:
                  name: http
`,
  },
  {
    id: 'networkpolicy',
    title: 'NetworkPolicy: default deny',
    description: 'Nothing reaches the pods of the namespace, and they reach names (DNS) alone.',
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: kube-system
      ports:
        - protocol: UDP
          port: 53
        - protocol: TCP
          port: 53
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
  {
    id: 'debug',
    title: 'Debug pod',
    description: 'A shell inside the cluster; it ends by itself after an hour.',
    text: `apiVersion: v1
kind: Pod
metadata:
  generateName: debug-
  labels:
    app.kubernetes.io/name: debug
spec:
  restartPolicy: Never
  activeDeadlineSeconds: 3600
  terminationGracePeriodSeconds: 1
  containers:
    - name: shell
      image: docker.io/library/busybox:1.36
      command: [sleep, "3600"]
      stdin: true
      tty: true
      resources:
        requests:
          cpu: 10m
          memory: 16Mi
        limits:
          memory: 128Mi
`,
  },
];
