import { FileText, Folder, Plus } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import { toast } from 'sonner';
import { desktop, useCommand } from '../../client/index.ts';
import { Button, Dialog, Field, Segments, TextArea, TextInput, t } from '../../ui/index.ts';
import styles from './fleet.module.css';

/** Adds a kubeconfig: a file, a folder that is watched, or pasted text. Nothing is contacted by it. */
export function AddSource({ open, onOpenChange }: { open: boolean; onOpenChange(open: boolean): void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="l"
      title={t('fleet.sources.add')}
      description={t('fleet.sources.addText')}
    >
      {open && <Form onDone={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function Form({ onDone }: { onDone(): void }) {
  const [from, setFrom] = useState<'path' | 'text'>('path');
  const [path, setPath] = useState('');
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [add, { pending, error, clear }] = useCommand((client) => client.fleet.addSource);
  const formId = useId();
  const ready = from === 'path' ? path.trim() !== '' : text.trim() !== '';
  const bridge = desktop();
  const choose = async (kind: 'file' | 'folder') => {
    const chosen = await bridge?.chooseKubeconfig(kind);
    if (chosen !== undefined && chosen !== null) setPath(chosen);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const input = from === 'path' ? { path: path.trim() } : { text, ...(name.trim() !== '' && { name: name.trim() }) };
    const added = await add(input).catch(() => undefined);
    // The error is shown beside the field that it is about.
    if (added === undefined) return;
    toast.success(t('fleet.sources.added', { count: added.contexts.length }), {
      description: added.contexts.slice(0, 5).join(', '),
    });
    onDone();
  };
  const problem = error === undefined ? undefined : [error.message, error.hint].filter(Boolean).join(' ');
  return (
    <form id={formId} className={styles.form} onSubmit={(event) => void submit(event)}>
      <Segments
        label={t('fleet.sources.from')}
        value={from}
        onChange={(next) => {
          clear();
          setFrom(next);
        }}
        options={[
          { value: 'path', label: t('fleet.sources.path') },
          { value: 'text', label: t('fleet.sources.text') },
        ]}
      />
      {from === 'path' ? (
        <Field label={t('fleet.sources.pathLabel')} hint={t('fleet.sources.pathHint')} error={problem}>
          <TextInput
            className={styles.monoInput}
            name="path"
            value={path}
            placeholder="~/.kube/config.d"
            onChange={(event) => {
              clear();
              setPath(event.target.value);
            }}
          />
        </Field>
      ) : (
        <>
          <Field label={t('fleet.sources.name')} hint={t('fleet.sources.nameHint')}>
            <TextInput value={name} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label={t('fleet.sources.textLabel')} hint={t('fleet.sources.textHint')} error={problem}>
            <TextArea
              rows={12}
              value={text}
              placeholder={'apiVersion: v1\nkind: Config\nclusters: …'}
              onChange={(event) => {
                clear();
                setText(event.target.value);
              }}
            />
          </Field>
        </>
      )}
      <div className={styles.formFoot}>
        {from === 'path' && bridge !== undefined && (
          <>
            <Button icon={FileText} onClick={() => void choose('file')}>
              {t('fleet.sources.chooseFile')}
            </Button>
            <Button icon={Folder} onClick={() => void choose('folder')}>
              {t('fleet.sources.chooseFolder')}
            </Button>
            <span className={styles.space} />
          </>
        )}
        <Button type="submit" variant="primary" icon={Plus} disabled={!ready} busy={pending}>
          {t('fleet.sources.submit')}
        </Button>
      </div>
    </form>
  );
}
