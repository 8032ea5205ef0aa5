import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import {
  type NamespaceOperation,
  NamespaceTemplate,
  type TemplateBody,
} from '../../../core/cluster/namespaces/contract.ts';
import { useClusters } from '../../app/scope.ts';
import { toError, useClient, useLive } from '../../client/index.ts';
import { Button, Dialog, Dot, Field, Select, Skeleton, Switch, TextInput, t } from '../../ui/index.ts';
import { BodyForm } from './BodyForm.tsx';
import css from './namespaces.module.css';
import { Targets } from './Targets.tsx';
import { useOperation } from './useOperation.ts';

const nameShape = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** A namespace from a template, in one cluster or in several at once. */
export function CreateDialog({ clusters: first, onClose }: { clusters: readonly string[]; onClose(): void }) {
  const { rows: templates, head } = useLive((client) => client.namespaces.templates, {});
  if (head === undefined) {
    return (
      <Dialog open onOpenChange={(open) => !open && onClose()} size="l" title={t('namespaces.create.title')}>
        <Skeleton width="60%" />
      </Dialog>
    );
  }
  return <Loaded templates={templates} first={first} onClose={onClose} />;
}

function Loaded(props: { templates: readonly NamespaceTemplate[]; first: readonly string[]; onClose(): void }) {
  const { templates, first, onClose } = props;
  const { rows } = useClusters();
  const live = rows.filter(({ state }) => state === 'live');
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    first.filter((id) => live.some(({ key }) => key === id)).length > 0
      ? first
      : live.slice(0, 1).map(({ key }) => key),
  );
  const [name, setName] = useState('');
  const [template, setTemplate] = useState(templates[0]?.key ?? '');
  const [body, setBody] = useState<TemplateBody | undefined>(templates[0]?.body);
  const [existing, setExisting] = useState(false);
  const [takeOver, setTakeOver] = useState(false);
  const [shown, setShown] = useState<string>();
  const wanted = useMemo(
    (): NamespaceOperation | undefined =>
      body === undefined || !nameShape.test(name) || chosen.length === 0
        ? undefined
        : { operation: 'create', clusters: [...chosen], namespace: name, body, existing, takeOver },
    [body, name, chosen, existing, takeOver],
  );
  const key = JSON.stringify(wanted);
  const isShown = wanted !== undefined && shown === key;
  const state = useOperation(isShown ? wanted : undefined, onClose);
  const current = templates.find((each) => each.key === template);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="l"
      title={t('namespaces.create.title')}
      footer={
        <>
          <Button onClick={onClose}>{t('namespaces.cancel')}</Button>
          {isShown ? (
            <Button variant="primary" busy={state.running.pending} disabled={!state.mayRun} onClick={state.start}>
              {t(existing ? 'namespaces.create.apply' : 'namespaces.create.do')}
            </Button>
          ) : (
            <Button variant="primary" disabled={wanted === undefined} onClick={() => setShown(key)}>
              {t('namespaces.create.preview')}
            </Button>
          )}
        </>
      }
    >
      <div className={css.form}>
        <Field
          label={t('namespaces.create.name')}
          {...(name !== '' && !nameShape.test(name) && { error: t('namespaces.create.noName') })}
        >
          <TextInput value={name} onChange={(event) => setName(event.target.value)} />
        </Field>
        <fieldset className={css.clusters}>
          <legend>{t('namespaces.create.clusters')}</legend>
          {live.map((cluster) => (
            <label key={cluster.key} className={css.check}>
              <input
                type="checkbox"
                checked={chosen.includes(cluster.key)}
                onChange={(event) =>
                  setChosen(event.target.checked ? [...chosen, cluster.key] : chosen.filter((id) => id !== cluster.key))
                }
              />
              <Dot color={cluster.color} /> {cluster.name}
            </label>
          ))}
        </fieldset>
        <Field label={t('namespaces.create.template')} hint={current?.description}>
          <Select
            value={template}
            options={templates.map(({ key: value, title }) => ({ value, label: title }))}
            onChange={(value) => {
              setTemplate(value);
              setBody(templates.find((each) => each.key === value)?.body);
            }}
          />
        </Field>
        {body !== undefined && (
          <details className={css.object}>
            <summary>{t('namespaces.create.adjust')}</summary>
            <BodyForm key={template} body={body} onChange={setBody} />
            <KeepTemplate body={body} current={current} onKept={setTemplate} />
          </details>
        )}
        <div className={css.flag}>
          <Switch label={t('namespaces.create.existing')} checked={existing} onChange={setExisting} />
          <span>{t('namespaces.create.existing')}</span>
        </div>
        {existing && (
          <div className={css.flag}>
            <Switch label={t('namespaces.create.takeOver')} checked={takeOver} onChange={setTakeOver} />
            <span>{t('namespaces.create.takeOver')}</span>
          </div>
        )}
        {isShown && <Targets state={state} />}
      </div>
    </Dialog>
  );
}

/** What the form says, kept as a template for later. */
function KeepTemplate(props: {
  body: TemplateBody;
  current: NamespaceTemplate | undefined;
  onKept(key: string): void;
}) {
  const { body, current, onKept } = props;
  const client = useClient();
  const [title, setTitle] = useState('');
  const failed = (error: unknown) =>
    void toast.error(t('namespaces.template.failed'), { description: toError(error).message });
  const keep = (template: NamespaceTemplate) => {
    const checked = NamespaceTemplate.safeParse(template);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      toast.error(t('namespaces.template.failed'), { description: `${issue?.path.join('.')}: ${issue?.message}` });
      return;
    }
    client.namespaces.saveTemplate({ template }).then(() => {
      toast(t('namespaces.template.kept', { title: template.title }));
      onKept(template.key);
    }, failed);
  };
  return (
    <div className={css.keep}>
      <TextInput
        aria-label={t('namespaces.template.title')}
        placeholder={t('namespaces.template.title')}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
      <Button
        size="s"
        disabled={title.trim() === ''}
        onClick={() => {
          const key =
            title
              .trim()
              .toLowerCase()
              .replace(/[^a-z0-9]+/g, '-')
              .slice(0, 60) || 'template';
          keep({ key, title: title.trim(), description: '', body });
        }}
      >
        {t('namespaces.template.keepNew')}
      </Button>
      {current !== undefined && (
        <>
          <Button size="s" onClick={() => keep({ ...current, body })}>
            {t('namespaces.template.keep', { title: current.title })}
          </Button>
          <Button
            size="s"
            variant="quiet"
            onClick={() =>
              client.namespaces
                .removeTemplate({ key: current.key })
                .then(() => void toast(t('namespaces.template.removed', { title: current.title })), failed)
            }
          >
            {t('namespaces.template.remove', { title: current.title })}
          </Button>
        </>
      )}
    </div>
  );
}
