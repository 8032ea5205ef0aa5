import type { Template } from '../contract.ts';

const container = `          securityContext:
            allowPrivilegeEscalation: false
            capabilities:
              drop: [ALL]`;

/** Things that run. */
export const workloads: readonly Template[] = [
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
    id: 'statefulset',
    title: 'StatefulSet',
    description: 'Replicas with names and storage of their own, behind a Service without an address.',
    text: `apiVersion: v1
kind: Service
metadata:
  name: store
  labels:
    app.kubernetes.io/name: store
spec:
  clusterIP: None
  selector:
    app.kubernetes.io/name: store
  ports:
    - name: tcp
      port: 6379
      targetPort: tcp
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: store
  labels:
    app.kubernetes.io/name: store
spec:
  serviceName: store
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: store
  template:
    metadata:
      labels:
        app.kubernetes.io/name: store
    spec:
      terminationGracePeriodSeconds: 30
      containers:
        - name: store
          image: docker.io/library/redis:8.2
          ports:
            - name: tcp
              containerPort: 6379
          readinessProbe:
            tcpSocket:
              port: tcp
          volumeMounts:
            - name: data
              mountPath: /data
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
${container}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 5Gi
`,
  },
  {
    id: 'daemonset',
    title: 'DaemonSet',
    description: 'One pod on every node, those of the control plane included.',
    text: `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
  labels:
    app.kubernetes.io/name: agent
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: agent
  updateStrategy:
    rollingUpdate:
      maxUnavailable: 10%
  template:
    metadata:
      labels:
        app.kubernetes.io/name: agent
    spec:
      tolerations:
        - operator: Exists
          effect: NoSchedule
      containers:
        - name: agent
          image: docker.io/library/busybox:1.36
          command: [sh, -c, "while true; do date; sleep 60; done"]
          env:
            - name: NODE
              valueFrom:
                fieldRef:
                  fieldPath: spec.nodeName
          resources:
            requests:
              cpu: 20m
              memory: 32Mi
            limits:
              memory: 64Mi
${container}
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
