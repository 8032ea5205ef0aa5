import { useState } from 'react';
import { LabelRule } from '../../../core/cluster/labels/contract.ts';
import { toError, useClient, useLive } from '../../client/index.ts';
import { Button, Dialog, Field, MultiSelect, Switch, TextInput, t } from '../../ui/index.ts';
import shared from './namespaces.module.css';

const empty: LabelRule = {
  key: '',
  title: '',
  enabled: true,
  kinds: ['deployments.apps', 'statefulsets.apps', 'daemonsets.apps'],
  namespaces: [],
  notNamespaces: ['kube-*'],
  namespaceSelector: '',
  clusters: [],
  label: '',
  values: [],
  pattern: '',
  default: '',
  owned: false,
};

const lists = ['namespaces', 'notNamespaces', 'clusters', 'values'] as const;
const texts = ['namespaceSelector', 'pattern', 'default'] as const;

/** A label that objects must have. */
export function RuleDialog({ rule, onClose }: { rule: LabelRule | undefined; onClose(): void }) {
  const client = useClient();
  const { rows: kinds } = useLive((c) => c.resources.kinds, {});
  const [draft, setDraft] = useState<LabelRule>(rule ?? empty);
  const [failed, setFailed] = useState<string>();
  const change = (part: Partial<LabelRule>) => setDraft({ ...draft, ...part });
  const close = () => onClose();
  const told = (problem: unknown) => setFailed(toError(problem).message);
  const save = () => {
    const key = draft.key || `${draft.label}-${Date.now().toString(36)}`.slice(-60);
    const checked = LabelRule.safeParse({ ...draft, key, title: draft.title || draft.label });
    if (!checked.success) {
      const [issue] = checked.error.issues;
      setFailed(`${issue?.path.join('.')}: ${issue?.message}`);
      return;
    }
    client.labels.saveRule({ rule: checked.data }).then(close, told);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      title={t(rule === undefined ? 'labels.newRule' : 'labels.editRule')}
      footer={
        <>
          {rule !== undefined && (
            <Button variant="danger" onClick={() => client.labels.removeRule({ key: rule.key }).then(close, told)}>
              {t('labels.removeRule')}
            </Button>
          )}
          <Button onClick={onClose}>{t('namespaces.cancel')}</Button>
          <Button variant="primary" disabled={draft.label === '' || draft.kinds.length === 0} onClick={save}>
            {t('labels.save')}
          </Button>
        </>
      }
    >
      <div className={shared.form}>
        <div className={shared.pair}>
          <Field label={t('labels.field.label')} hint={t('labels.hint.label')}>
            <TextInput value={draft.label} onChange={(event) => change({ label: event.target.value.trim() })} />
          </Field>
          <Field label={t('labels.field.title')}>
            <TextInput value={draft.title} onChange={(event) => change({ title: event.target.value })} />
          </Field>
        </div>
        <div>
          <MultiSelect
            label={t('labels.field.kinds')}
            value={draft.kinds}
            options={kinds
              .filter(({ verbs }) => verbs.includes('patch') && verbs.includes('list'))
              .map(({ id, kind, group }) => ({ value: id, label: kind, detail: group }))}
            onChange={(chosen) => change({ kinds: chosen ?? [] })}
          >
            <Button>{t('labels.kindsChosen', { count: draft.kinds.length })}</Button>
          </MultiSelect>{' '}
          <span className={shared.dim}>{draft.kinds.join(', ')}</span>
        </div>
        <div className={shared.pair}>
          {lists.map((id) => (
            <Field key={id} label={t(`labels.field.${id}`)} hint={t(`labels.hint.${id}`)}>
              <ListInput value={draft[id]} onChange={(value) => change({ [id]: value })} />
            </Field>
          ))}
          {texts.map((id) => (
            <Field key={id} label={t(`labels.field.${id}`)} hint={t(`labels.hint.${id}`)}>
              <TextInput value={draft[id]} onChange={(event) => change({ [id]: event.target.value })} />
            </Field>
          ))}
        </div>
        <div className={shared.flag}>
          <Switch label={t('labels.field.owned')} checked={draft.owned} onChange={(owned) => change({ owned })} />
          <span>{t('labels.field.owned')}</span>
        </div>
        {failed !== undefined && (
          <p className={shared.error} role="alert">
            {failed}
          </p>
        )}
      </div>
    </Dialog>
  );
}

/** Words separated by commas. It keeps what is written; what is told has no empty words. */
function ListInput(props: { value: readonly string[]; onChange(value: string[]): void; id?: string }) {
  const { value, onChange, ...rest } = props;
  const [text, setText] = useState(value.join(', '));
  return (
    <TextInput
      {...rest}
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange(
          event.target.value
            .split(',')
            .map((word) => word.trim())
            .filter(Boolean),
        );
      }}
    />
  );
}
