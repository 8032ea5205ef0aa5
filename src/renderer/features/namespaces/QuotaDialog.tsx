import { useEffect, useMemo, useState } from 'react';
import type { NamespaceName, NamespaceOperation, QuotaEffect } from '../../../core/cluster/namespaces/contract.ts';
import { Button, Dialog, Field, StatusMark, TextInput, type Tone, t } from '../../ui/index.ts';
import css from './namespaces.module.css';
import { Pairs } from './Pairs.tsx';
import { quotaResources } from './quotaResources.ts';
import { Targets } from './Targets.tsx';
import { useOperation } from './useOperation.ts';

/** So long after the last letter a dry run is asked for. */
const settleMs = 350;
const quantity = /^[0-9]+(\.[0-9]+)?([eE][0-9]+|[numkMGTPE]|[KMGTPE]i)?$/;

const tones: Record<QuotaEffect['state'], Tone> = {
  fits: 'healthy',
  full: 'warning',
  over: 'failed',
  removed: 'stopped',
  unknown: 'unknown',
};

/** Limits of one quota, with what they mean for what is used now. */
export function QuotaDialog(props: {
  of: NamespaceName;
  /** Absent: a new one. */
  quota?: { name: string; hard: Readonly<Record<string, string>> } | undefined;
  onClose(): void;
}) {
  const { of, quota, onClose } = props;
  const [name, setName] = useState(quota?.name ?? 'default-quota');
  const [hard, setHard] = useState<Record<string, string>>({ ...quota?.hard });
  const wrong = Object.entries(hard).find(([, amount]) => !quantity.test(amount));
  const wanted = useMemo(
    (): NamespaceOperation | undefined =>
      wrong !== undefined || name.trim() === '' || Object.keys(hard).length === 0
        ? undefined
        : { operation: 'quota', ...of, name: name.trim(), hard },
    [of, name, hard, wrong],
  );
  const operation = useSettled(wanted);
  const state = useOperation(operation === wanted ? operation : undefined, onClose);
  const effects = state.shown?.targets[0]?.quota ?? [];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      title={quota === undefined ? t('namespaces.quota.new') : t('namespaces.quota.edit', { name: quota.name })}
      footer={
        <>
          <Button onClick={onClose}>{t('namespaces.cancel')}</Button>
          <Button variant="primary" busy={state.running.pending} disabled={!state.mayRun} onClick={state.start}>
            {t('namespaces.quota.save')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        {quota === undefined && (
          <Field label={t('namespaces.quota.name')}>
            <TextInput value={name} onChange={(event) => setName(event.target.value)} />
          </Field>
        )}
        <Pairs
          label={t('namespaces.quota.hard')}
          keyLabel={t('namespaces.quota.resource')}
          keys={quotaResources}
          value={hard}
          onChange={setHard}
          hint={t('namespaces.quota.hint')}
        />
        {wrong !== undefined && (
          <p className={css.error} role="alert">
            {t('namespaces.quota.noAmount', { resource: wrong[0], amount: wrong[1] })}
          </p>
        )}
        {effects.length > 0 && <Effects effects={effects} />}
        {operation !== undefined && <Targets state={state} />}
      </div>
    </Dialog>
  );
}

function Effects({ effects }: { effects: readonly QuotaEffect[] }) {
  return (
    <table className={css.table}>
      <thead>
        <tr>
          {(['resource', 'used', 'before', 'after', 'means'] as const).map((id) => (
            <th key={id} scope="col">
              {t(`namespaces.quota.${id}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {effects.map(({ resource, before, after, used, state }) => (
          <tr key={resource}>
            <td>
              <code>{resource}</code>
            </td>
            <td>{used || '–'}</td>
            <td>{before || '–'}</td>
            <td>{after || '–'}</td>
            <td>
              <StatusMark tone={tones[state]}>{t(`namespaces.quota.state.${state}`)}</StatusMark>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The value as it was when it last stood still for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
