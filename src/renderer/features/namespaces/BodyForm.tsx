import { Plus, X } from 'lucide-react';
import type { TemplateBinding, TemplateBody } from '../../../core/cluster/namespaces/contract.ts';
import { Button, Field, IconButton, Select, Switch, TextInput, t } from '../../ui/index.ts';
import css from './namespaces.module.css';
import { Pairs } from './Pairs.tsx';
import { containerResources, quotaResources } from './quotaResources.ts';

const levels = ['', 'privileged', 'baseline', 'restricted'] as const;
const directions = ['open', 'sameNamespace', 'denied'] as const;

/** What a namespace is created with, as a form. */
export function BodyForm({ body, onChange }: { body: TemplateBody; onChange(body: TemplateBody): void }) {
  const change = (part: Partial<TemplateBody>) => onChange({ ...body, ...part });
  const { network, podSecurity, limits } = body;
  return (
    <div className={css.form}>
      <p className={css.dim}>{t('namespaces.body.placeholder')}</p>
      <div className={css.pair}>
        <Pairs label={t('namespaces.body.labels')} value={body.labels} onChange={(labels) => change({ labels })} />
        <Pairs
          label={t('namespaces.body.annotations')}
          value={body.annotations}
          onChange={(annotations) => change({ annotations })}
        />
      </div>
      <div className={css.triple}>
        {(['enforce', 'warn', 'audit'] as const).map((mode) => (
          <Field key={mode} label={t(`namespaces.body.security.${mode}`)}>
            <Select
              value={podSecurity[mode]}
              options={levels.map((value) => ({ value, label: value || t('namespaces.body.noLevel') }))}
              onChange={(value) =>
                change({ podSecurity: { ...podSecurity, [mode]: value as (typeof levels)[number] } })
              }
            />
          </Field>
        ))}
      </div>
      <Pairs
        label={t('namespaces.body.quota')}
        keyLabel={t('namespaces.quota.resource')}
        keys={quotaResources}
        value={body.quota}
        onChange={(quota) => change({ quota })}
      />
      <div className={css.pair}>
        {(['defaultRequest', 'default', 'min', 'max'] as const).map((part) => (
          <Pairs
            key={part}
            label={t(`namespaces.limits.${part}`)}
            keyLabel={t('namespaces.quota.resource')}
            keys={containerResources}
            value={limits[part]}
            onChange={(amounts) => change({ limits: { ...limits, [part]: amounts } })}
          />
        ))}
      </div>
      <div className={css.pair}>
        {(['ingress', 'egress'] as const).map((direction) => (
          <Field key={direction} label={t(`namespaces.body.${direction}`)}>
            <Select
              value={network[direction]}
              options={directions.map((value) => ({ value, label: t(`namespaces.body.direction.${value}`) }))}
              onChange={(value) =>
                change({ network: { ...network, [direction]: value as (typeof directions)[number] } })
              }
            />
          </Field>
        ))}
      </div>
      {network.egress !== 'open' && (
        <div className={css.flag}>
          <Switch
            label={t('namespaces.body.dns')}
            checked={network.dns}
            onChange={(dns) => change({ network: { ...network, dns } })}
          />
          <span>{t('namespaces.body.dns')}</span>
        </div>
      )}
      <Bindings bindings={body.bindings} onChange={(bindings) => change({ bindings })} />
    </div>
  );
}

const kinds = ['Group', 'User', 'ServiceAccount'] as const;

function Bindings(props: { bindings: readonly TemplateBinding[]; onChange(bindings: TemplateBinding[]): void }) {
  const { bindings, onChange } = props;
  const edit = (at: number, binding: TemplateBinding) =>
    onChange(bindings.map((each, other) => (other === at ? binding : each)));
  return (
    <fieldset className={css.pairs}>
      <legend>{t('namespaces.body.bindings')}</legend>
      {bindings.map((binding, at) => {
        const [subject] = binding.subjects;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity, and their inputs are controlled
          <div key={at} className={css.bindingLine}>
            <TextInput
              aria-label={t('namespaces.body.role')}
              list="cluster-roles"
              value={binding.role}
              onChange={(event) => edit(at, { ...binding, role: event.target.value })}
            />
            <Select
              aria-label={t('namespaces.body.subjectKind')}
              value={subject?.kind ?? 'Group'}
              options={kinds.map((value) => ({ value, label: value }))}
              onChange={(kind) =>
                edit(at, {
                  ...binding,
                  subjects: binding.subjects.map((each) => ({ ...each, kind: kind as (typeof kinds)[number] })),
                })
              }
            />
            <TextInput
              aria-label={t('namespaces.body.subjects')}
              value={binding.subjects.map(({ name }) => name).join(', ')}
              onChange={(event) =>
                edit(at, {
                  ...binding,
                  subjects: event.target.value
                    .split(/,\s*/)
                    .map((name) => ({ kind: subject?.kind ?? 'Group', name, namespace: subject?.namespace ?? '' })),
                })
              }
            />
            <IconButton
              icon={X}
              label={t('ui.remove', { name: binding.role })}
              onClick={() => onChange(bindings.filter((_, other) => other !== at))}
            />
          </div>
        );
      })}
      <datalist id="cluster-roles">
        {['view', 'edit', 'admin'].map((role) => (
          <option key={role} value={role} />
        ))}
      </datalist>
      <div>
        <Button
          size="s"
          icon={Plus}
          onClick={() =>
            onChange([
              ...bindings,
              { roleKind: 'ClusterRole', role: 'view', subjects: [{ kind: 'Group', name: '', namespace: '' }] },
            ])
          }
        >
          {t('namespaces.body.addBinding')}
        </Button>
      </div>
    </fieldset>
  );
}
