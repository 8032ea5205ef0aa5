import { type Documents, type KeptList, openKeptList } from '../../platform/settings/index.ts';
import { LabelRule } from './contract.ts';

const system = ['kube-*', 'default'];

/** What is asked of a fleet until somebody writes rules of their own: the labels that the Kubernetes project recommends. */
const firstRules: readonly LabelRule[] = [
  {
    key: 'team',
    title: 'Namespaces have a team',
    enabled: true,
    kinds: ['namespaces'],
    namespaces: [],
    notNamespaces: system,
    namespaceSelector: '',
    clusters: [],
    label: 'team',
    values: [],
    pattern: '',
    default: '',
    owned: false,
  },
  {
    key: 'name',
    title: 'Workloads tell what they are',
    enabled: true,
    kinds: ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'cronjobs.batch'],
    namespaces: [],
    notNamespaces: system,
    namespaceSelector: '',
    clusters: [],
    label: 'app.kubernetes.io/name',
    values: [],
    pattern: '',
    default: '',
    owned: false,
  },
];

export type LabelRules = KeptList<LabelRule>;

/** The rules, kept as `labels.json` in the data folder. */
export function openLabelRules(documents: Documents): Promise<LabelRules> {
  return openKeptList(documents, { name: 'labels', field: 'rules', entry: LabelRule, first: firstRules });
}
