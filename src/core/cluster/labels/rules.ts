import { z } from 'zod';
import type { LiveSource } from '../../kernel/contract.ts';
import { Emitter, type Event } from '../../kernel/emitter.ts';
import type { Document, Documents } from '../../platform/settings/index.ts';
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

const Kept = z.object({ rules: z.array(LabelRule).default([...firstRules]) });

export interface LabelRules {
  readonly all: readonly LabelRule[];
  readonly onChange: Event<unknown>;
  follow(): LiveSource<{ count: number }, LabelRule>;
  save(rule: LabelRule): Promise<void>;
  remove(key: string): Promise<void>;
}

/** The rules, kept as `labels.json` in the data folder. */
export async function createLabelRules(documents: Documents): Promise<LabelRules> {
  const document: Document<z.infer<typeof Kept>> = await documents.open('labels', Kept);
  return {
    get all() {
      return document.value.rules;
    },
    onChange: document.onChange,
    follow() {
      const changed = new Emitter<void>();
      let rev = 1;
      const subscription = document.onChange(() => {
        rev++;
        changed.fire();
      });
      return {
        read: () => ({ rev, head: { count: document.value.rules.length }, rows: document.value.rules }),
        onChange: changed.event,
        dispose() {
          subscription.dispose();
          changed.dispose();
        },
      };
    },
    save: (rule) =>
      document.update(({ rules, ...rest }) => {
        const at = rules.findIndex(({ key }) => key === rule.key);
        return { ...rest, rules: at === -1 ? [...rules, rule] : rules.with(at, rule) };
      }),
    remove: (key) =>
      document.update(({ rules, ...rest }) => ({ ...rest, rules: rules.filter((each) => each.key !== key) })),
  };
}
