import { useMemo, useState } from 'react';
import type { LabelFix, LabelRule, Violation } from '../../../core/cluster/labels/contract.ts';
import { useCommand, useQuery } from '../../client/index.ts';
import {
  Button,
  ChangeTable,
  Dialog,
  ErrorState,
  Field,
  formatCount,
  legible,
  Name,
  Segments,
  Select,
  Skeleton,
  StatusMark,
  Switch,
  TextInput,
  t,
} from '../../ui/index.ts';
import css from './labels.module.css';
import shared from './namespaces.module.css';
import { useSettled } from './QuotaDialog.tsx';

const valueShape = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const workloads = ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps', 'replicasets.apps'];

/** Puts one label on objects: which value, what it changes in each, and then all at once. */
export function FixDialog(props: {
  violations: readonly Violation[];
  rule: LabelRule | undefined;
  onClose(done: boolean): void;
}) {
  const { violations, rule, onClose } = props;
  const label = violations[0]?.label ?? '';
  const [from, setFrom] = useState<LabelFix['from']>('value');
  const [value, setValue] = useState(rule?.default || rule?.values[0] || '');
  const [template, setTemplate] = useState(false);
  const [typed, setTyped] = useState('');
  const objects = useMemo(() => violations.map(({ object }) => object), [violations]);
  const fix = useMemo(
    (): LabelFix | undefined =>
      from === 'value' && !valueShape.test(value) ? undefined : { objects, label, from, value, template },
    [objects, label, from, value, template],
  );
  const settled = useSettled(fix);
  const asked = settled === fix ? fix : undefined;
  const preview = useQuery((client) => client.labels.preview, asked === undefined ? null : { fix: asked });
  const [run, running] = useCommand((client) => client.labels.fix);
  const shown = asked !== undefined && !preview.previous ? preview.data : undefined;
  const confirmation = shown?.confirmation;
  const refused = shown?.steps.filter(({ error }) => error !== undefined).length ?? 0;
  const mayRun =
    shown !== undefined &&
    refused < shown.steps.length &&
    (confirmation?.level !== 'type' || typed === confirmation.text);
  const start = () => {
    if (fix === undefined || !mayRun) return;
    const confirmed = confirmation?.level === 'confirm' ? 'yes' : typed;
    run({ fix, ...(confirmed !== '' && { confirmed }) }).then(
      () => onClose(true),
      () => undefined,
    );
  };
  const hasWorkloads = objects.some(({ kind }) => workloads.includes(kind));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose(false)}
      size="l"
      title={t('labels.fix.title', { label, count: objects.length, number: formatCount(objects.length) })}
      footer={
        <>
          <Button onClick={() => onClose(false)}>{t('namespaces.cancel')}</Button>
          <Button variant="primary" busy={running.pending} disabled={!mayRun} onClick={start}>
            {t('labels.fix.do')}
          </Button>
        </>
      }
    >
      <div className={shared.form}>
        <div>
          <Segments
            label={t('labels.fix.from')}
            value={from}
            onChange={setFrom}
            options={(['value', 'namespace', 'owner'] as const).map((id) => ({
              value: id,
              label: t(`labels.fix.of.${id}`),
            }))}
          />
        </div>
        {from === 'value' && (
          <Field
            label={t('labels.fix.value')}
            {...(value !== '' && !valueShape.test(value) && { error: t('labels.fix.noValue') })}
          >
            {rule !== undefined && rule.values.length > 0 ? (
              <Select
                value={value}
                options={rule.values.map((each) => ({ value: each, label: each }))}
                onChange={setValue}
              />
            ) : (
              <TextInput value={value} onChange={(event) => setValue(event.target.value)} />
            )}
          </Field>
        )}
        {hasWorkloads && (
          <div className={shared.flag}>
            <Switch label={t('labels.fix.template')} checked={template} onChange={setTemplate} />
            <span>{t('labels.fix.template')}</span>
          </div>
        )}
        {asked !== undefined && (
          <section className={shared.preview} aria-label={t('namespaces.whatChanges')} aria-busy={preview.loading}>
            <h3 className={shared.sub}>{t('namespaces.whatChanges')}</h3>
            {shown === undefined && preview.error === undefined && <Skeleton width="52%" />}
            {preview.error !== undefined && (
              <ErrorState
                compact
                title={t('namespaces.previewFailed')}
                error={preview.error}
                onRetry={preview.reload}
              />
            )}
            {refused > 0 && <p className={shared.warning}>{t('labels.fix.refused', { count: refused })}</p>}
            {shown?.steps.map(({ object, changes, effects, error, hint }) => (
              <div key={`${object.cluster}/${object.kind}/${object.namespace}/${object.name}`} className={css.step}>
                <div className={shared.head}>
                  {error !== undefined && <StatusMark tone="failed">{t('namespaces.change.refused')}</StatusMark>}
                  <Name>{object.name}</Name>
                  <span className={shared.dim}>
                    {legible(object.namespace)} {object.kind}
                  </span>
                </div>
                {error !== undefined && (
                  <p className={shared.error} role="alert">
                    {legible(error)} {hint}
                  </p>
                )}
                <ChangeTable changes={changes} />
                {effects.map((effect) => (
                  <p key={effect} className={shared.note}>
                    {legible(effect)}
                  </p>
                ))}
              </div>
            ))}
            {shown !== undefined && shown.more > 0 && (
              <p className={shared.dim}>{t('labels.fix.more', { count: shown.more })}</p>
            )}
          </section>
        )}
        {confirmation?.level === 'type' && (
          <Field label={t('namespaces.typeName', { name: confirmation.text })} hint={confirmation.reasons.join(' ')}>
            <TextInput value={typed} onChange={(event) => setTyped(event.target.value)} />
          </Field>
        )}
        {confirmation?.level === 'confirm' && <p className={shared.warning}>{confirmation.reasons.join(' ')}</p>}
        {running.error !== undefined && (
          <p className={shared.error} role="alert">
            {running.error.message} {running.error.hint}
          </p>
        )}
      </div>
    </Dialog>
  );
}
