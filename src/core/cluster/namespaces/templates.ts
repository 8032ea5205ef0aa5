import { type Documents, type KeptList, openKeptList } from '../../platform/settings/index.ts';
import { NamespaceTemplate } from './contract.ts';

const noLimits = { default: {}, defaultRequest: {}, max: {}, min: {} };

/** What namespaces are created from until somebody writes templates of their own. */
export const firstTemplates: readonly NamespaceTemplate[] = [
  {
    key: 'team',
    title: 'Team',
    description:
      'A quota, defaults for containers, traffic within the namespace and to DNS, and edit rights for a group.',
    body: {
      labels: { team: '{namespace}' },
      annotations: {},
      podSecurity: { enforce: 'baseline', warn: 'restricted', audit: 'restricted' },
      quota: { 'requests.cpu': '4', 'requests.memory': '8Gi', 'limits.memory': '16Gi', pods: '50' },
      limits: {
        default: { memory: '256Mi' },
        defaultRequest: { cpu: '50m', memory: '64Mi' },
        max: {},
        min: {},
      },
      network: { ingress: 'sameNamespace', egress: 'sameNamespace', dns: true },
      bindings: [
        { roleKind: 'ClusterRole', role: 'edit', subjects: [{ kind: 'Group', name: '{namespace}', namespace: '' }] },
      ],
    },
  },
  {
    key: 'locked',
    title: 'Locked down',
    description: 'The restricted pod security level, no traffic at all until policies allow it, and a small quota.',
    body: {
      labels: { team: '{namespace}' },
      annotations: {},
      podSecurity: { enforce: 'restricted', warn: 'restricted', audit: 'restricted' },
      quota: { 'requests.cpu': '2', 'requests.memory': '4Gi', pods: '20', 'services.loadbalancers': '0' },
      limits: { default: { memory: '128Mi' }, defaultRequest: { cpu: '25m', memory: '64Mi' }, max: {}, min: {} },
      network: { ingress: 'denied', egress: 'denied', dns: false },
      bindings: [],
    },
  },
  {
    key: 'sandbox',
    title: 'Sandbox',
    description: 'For trying things out: a small quota and open traffic.',
    body: {
      labels: { purpose: 'sandbox' },
      annotations: {},
      podSecurity: { enforce: 'baseline', warn: '', audit: '' },
      quota: { 'requests.cpu': '1', 'requests.memory': '2Gi', pods: '20' },
      limits: { ...noLimits, defaultRequest: { cpu: '10m', memory: '32Mi' } },
      network: { ingress: 'open', egress: 'open', dns: true },
      bindings: [],
    },
  },
  {
    key: 'plain',
    title: 'Plain',
    description: 'The namespace alone.',
    body: {
      labels: {},
      annotations: {},
      podSecurity: { enforce: '', warn: '', audit: '' },
      quota: {},
      limits: noLimits,
      network: { ingress: 'open', egress: 'open', dns: true },
      bindings: [],
    },
  },
];

export type NamespaceTemplates = KeptList<NamespaceTemplate>;

/** The templates, kept as `namespaces.json` in the data folder. */
export function openNamespaceTemplates(documents: Documents): Promise<NamespaceTemplates> {
  const [name, field] = ['namespaces', 'templates'];
  return openKeptList(documents, { name, field, entry: NamespaceTemplate, first: firstTemplates });
}
