import { useState } from 'react';
import { toast } from 'sonner';
import { Button, Dialog, Field, Strip, TextInput, t } from '../../ui/index.ts';
import { useOwnTemplates } from './ownTemplates.ts';
import { mayBeKept } from './useDraft.ts';

export function SaveTemplate({ text, onClose }: { text: string; onClose(): void }) {
  const { keep } = useOwnTemplates();
  const [title, setTitle] = useState('');
  const may = mayBeKept(text);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t('manifests.own.title')}
      footer={
        <>
          <Button onClick={onClose}>{t('manifests.own.cancel')}</Button>
          <Button
            variant="primary"
            disabled={!may || title.trim() === ''}
            onClick={() => {
              keep({ title: title.trim(), text });
              toast(t('manifests.own.saved'));
              onClose();
            }}
          >
            {t('manifests.own.title')}
          </Button>
        </>
      }
    >
      {may ? (
        <Field label={t('manifests.own.name')}>
          <TextInput value={title} onChange={(event) => setTitle(event.target.value)} />
        </Field>
      ) : (
        <Strip tone="warning">{t('manifests.own.secret')}</Strip>
      )}
    </Dialog>
  );
}
