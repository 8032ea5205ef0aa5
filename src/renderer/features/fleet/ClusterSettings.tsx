import { type ReactNode, useId, useState } from 'react';
import { type Cluster, clusterColors } from '../../../core/cluster/fleet/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { Field, Switch, TextInput, t } from '../../ui/index.ts';
import styles from './cluster.module.css';
import type { ClusterActions } from './useClusterActions.ts';

/** How a cluster is shown and guarded. Each change is kept at once. */
export function ClusterSettings({ cluster, actions }: { cluster: Cluster; actions: ClusterActions }) {
  const { head } = useClusters();
  const groupsId = useId();
  return (
    <section className={styles.section}>
      <h2>{t('fleet.settings.title')}</h2>
      <div className={styles.settings}>
        <Kept
          label={t('fleet.settings.alias')}
          hint={t('fleet.settings.aliasHint', { context: cluster.context })}
          value={cluster.name === cluster.context ? '' : cluster.name}
          placeholder={cluster.context}
          keep={(alias) => actions.update(cluster.key, { alias })}
        />
        <Kept
          label={t('fleet.settings.group')}
          value={cluster.group}
          placeholder={t('fleet.groupNone.group')}
          list={groupsId}
          keep={(group) => actions.update(cluster.key, { group })}
        />
        <datalist id={groupsId}>
          {(head?.groups ?? []).map((group) => (
            <option key={group} value={group} />
          ))}
        </datalist>
        <Colors cluster={cluster} actions={actions} />
        <Kept
          label={t('fleet.settings.namespaces')}
          hint={t('fleet.settings.namespacesHint')}
          value={(cluster.namespaces ?? []).join(', ')}
          placeholder={t('app.scope.allNamespaces')}
          keep={(text) => {
            const names = text.split(/[\s,]+/u).filter(Boolean);
            return actions.update(cluster.key, { namespaces: names.length === 0 ? null : names });
          }}
        />
        <Toggle label={t('fleet.settings.protected')} hint={t('fleet.settings.protectedHint')}>
          <Switch
            label={t('fleet.settings.protected')}
            checked={cluster.protected}
            onChange={(on) => void actions.update(cluster.key, { protected: on })}
          />
        </Toggle>
        <Toggle label={t('fleet.settings.pinned')} hint={t('fleet.settings.pinnedHint')}>
          <Switch
            label={t('fleet.settings.pinned')}
            checked={cluster.pinned}
            onChange={(on) => void actions.update(cluster.key, { pinned: on })}
          />
        </Toggle>
      </div>
    </section>
  );
}

interface KeptProps {
  label: string;
  hint?: string;
  value: string;
  placeholder: string;
  list?: string;
  keep(value: string): Promise<boolean>;
}

/** A text that is kept when it is left or Enter is pressed; Escape brings the old one back. */
function Kept({ label, hint, value, placeholder, list, keep }: KeptProps) {
  const [typed, setTyped] = useState<string>();
  const save = async () => {
    if (typed !== undefined && typed.trim() !== value) await keep(typed.trim());
    setTyped(undefined);
  };
  return (
    <Field label={label} hint={hint}>
      <TextInput
        value={typed ?? value}
        placeholder={placeholder}
        list={list}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => void save()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void save();
          if (event.key === 'Escape' && typed !== undefined) {
            event.stopPropagation();
            setTyped(undefined);
          }
        }}
      />
    </Field>
  );
}

function Colors({ cluster, actions }: { cluster: Cluster; actions: ClusterActions }) {
  const name = useId();
  return (
    <fieldset className={styles.colors}>
      <legend>{t('fleet.settings.color')}</legend>
      {clusterColors.map((color) => (
        <label key={color} style={{ backgroundColor: `var(--${color})` }} title={color}>
          <input
            type="radio"
            name={name}
            className="hidden-text"
            checked={cluster.color === color}
            aria-label={t(`fleet.colors.${color}`)}
            onChange={() => void actions.update(cluster.key, { color })}
          />
        </label>
      ))}
    </fieldset>
  );
}

function Toggle({ label, hint, children }: { label: string; hint: string; children: ReactNode }) {
  return (
    <div className={styles.toggle}>
      <div>
        <span>{label}</span>
        <p>{hint}</p>
      </div>
      {children}
    </div>
  );
}
