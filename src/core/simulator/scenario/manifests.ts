import { podSpec } from '../api/write/defaults.ts';
import type { Fields, NewObject } from '../objects.ts';
import type { App } from './catalog.ts';

export function labelsOf(app: App, version: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': app.name,
    'app.kubernetes.io/version': version,
    'app.kubernetes.io/part-of': app.namespace,
    team: app.team,
  };
}

const selectorOf = (app: App) => ({ matchLabels: { 'app.kubernetes.io/name': app.name } });

export function podTemplate(app: App, version: string): { metadata: Fields; spec: Fields } {
  const limit = app.memoryLimit ?? app.memory;
  const container: Fields = {
    name: app.name,
    image: `${app.image}:${version}`,
    ...(app.port === undefined ? {} : { ports: [{ name: 'main', containerPort: app.port, protocol: 'TCP' }] }),
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    ],
    envFrom: [{ configMapRef: { name: `${app.name}-config`, optional: true } }],
    resources: { requests: { cpu: app.cpu, memory: app.memory }, limits: { memory: limit } },
    ...(app.port === undefined || app.kind === 'CronJob'
      ? {}
      : {
          readinessProbe: {
            httpGet: { path: '/healthz', port: 'main', scheme: 'HTTP' },
            periodSeconds: 10,
            timeoutSeconds: 1,
            successThreshold: 1,
            failureThreshold: 3,
          },
          livenessProbe: {
            tcpSocket: { port: 'main' },
            periodSeconds: 20,
            timeoutSeconds: 1,
            successThreshold: 1,
            failureThreshold: 3,
          },
        }),
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: app.kind !== 'StatefulSet',
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    },
    ...(app.storage === undefined ? {} : { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
  };
  const sidecar: Fields[] =
    app.sidecar === undefined
      ? []
      : [
          {
            ...app.sidecar,
            ports: [{ name: 'envoy', containerPort: 15090, protocol: 'TCP' }],
            resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '256Mi' } },
          },
        ];
  const everywhere =
    app.kind === 'DaemonSet'
      ? { tolerations: [{ operator: 'Exists' }], hostNetwork: app.namespace === 'kube-system' }
      : {};
  return {
    metadata: { labels: labelsOf(app, version) },
    spec: podSpec({
      containers: [container, ...sidecar],
      serviceAccountName: app.name,
      serviceAccount: app.name,
      ...(app.kind === 'CronJob' ? { restartPolicy: 'Never' } : {}),
      ...(app.nodeSelector === undefined ? {} : { nodeSelector: app.nodeSelector }),
      ...everywhere,
    }),
  };
}

/** The workload of an app in a namespace. */
export function workload(app: App, version: string, namespace: string, replicas: number): NewObject {
  const metadata = {
    name: app.name,
    namespace,
    labels: labelsOf(app, version),
    annotations: { 'argocd.argoproj.io/tracking-id': `${app.namespace}:${app.kind}:${namespace}/${app.name}` },
  };
  const template = podTemplate(app, version);
  switch (app.kind) {
    case 'Deployment':
      return {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: {
          replicas,
          selector: selectorOf(app),
          template,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
          revisionHistoryLimit: 3,
          progressDeadlineSeconds: 600,
        },
        status: {},
      };
    case 'StatefulSet':
      return {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata,
        spec: {
          replicas,
          serviceName: app.name,
          selector: selectorOf(app),
          template,
          podManagementPolicy: 'OrderedReady',
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
          revisionHistoryLimit: 10,
          ...(app.storage === undefined
            ? {}
            : {
                volumeClaimTemplates: [
                  {
                    apiVersion: 'v1',
                    kind: 'PersistentVolumeClaim',
                    metadata: { name: 'data' },
                    spec: {
                      accessModes: ['ReadWriteOnce'],
                      resources: { requests: { storage: app.storage } },
                      storageClassName: 'standard',
                      volumeMode: 'Filesystem',
                    },
                  },
                ],
              }),
        },
        status: { replicas: 0, availableReplicas: 0 },
      };
    case 'DaemonSet':
      return {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata,
        spec: {
          selector: selectorOf(app),
          template,
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
          revisionHistoryLimit: 10,
        },
        status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
      };
    case 'CronJob':
      return {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata,
        spec: {
          schedule: app.schedule ?? '0 * * * *',
          concurrencyPolicy: 'Forbid',
          suspend: false,
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
          jobTemplate: {
            metadata: { labels: labelsOf(app, version) },
            spec: { parallelism: 1, completions: 1, backoffLimit: 2, template },
          },
        },
        status: {},
      };
  }
}

/** What belongs to an app beside its workload; `size` is the factor on its replicas. */
export function companions(app: App, namespace: string, size: number): { type: string; object: NewObject }[] {
  const metadata = { name: app.name, namespace, labels: { 'app.kubernetes.io/name': app.name, team: app.team } };
  const selector = { 'app.kubernetes.io/name': app.name };
  const made: { type: string; object: NewObject }[] = [
    { type: 'serviceaccounts', object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata } },
    {
      type: 'configmaps',
      object: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { ...metadata, name: `${app.name}-config` },
        data: { 'app.yaml': `service: ${app.name}\nteam: ${app.team}\n`, LOG_FORMAT: 'json' },
      },
    },
  ];
  if (app.port !== undefined && app.kind !== 'CronJob') {
    made.push({
      type: 'services',
      object: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: {
          type: app.name.startsWith('ingress') ? 'LoadBalancer' : 'ClusterIP',
          selector,
          ports: [{ name: 'main', port: app.port, targetPort: 'main' }],
          ...(app.kind === 'StatefulSet' ? { clusterIP: 'None' } : {}),
        },
      },
    });
  }
  if (app.host !== undefined) {
    made.push({
      type: 'ingresses.networking.k8s.io',
      object: {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { ...metadata, annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' } },
        spec: {
          ingressClassName: 'nginx',
          tls: [{ hosts: [app.host], secretName: `${app.name}-tls` }],
          rules: [
            {
              host: app.host,
              http: {
                paths: [
                  { path: '/', pathType: 'Prefix', backend: { service: { name: app.name, port: { name: 'main' } } } },
                ],
              },
            },
          ],
        },
        status: { loadBalancer: { ingress: [{ ip: '198.51.100.24' }] } },
      },
    });
  }
  if (app.autoscale !== undefined) {
    made.push({
      type: 'horizontalpodautoscalers.autoscaling',
      object: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata,
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: app.name },
          minReplicas: scaled(app.autoscale.min, size),
          maxReplicas: scaled(app.autoscale.max, size),
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
          ],
        },
        status: { currentReplicas: 0, desiredReplicas: 0, currentMetrics: null },
      },
    });
  }
  if (app.minAvailable !== undefined) {
    const minAvailable = app.kind === 'StatefulSet' ? app.minAvailable : scaled(app.minAvailable, size);
    made.push({
      type: 'poddisruptionbudgets.policy',
      object: {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata,
        spec: { minAvailable, selector: { matchLabels: selector } },
        status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: minAvailable, expectedPods: 0 },
      },
    });
  }
  return made;
}

function scaled(count: number, size: number): number {
  return Math.max(1, Math.round(count * size));
}
