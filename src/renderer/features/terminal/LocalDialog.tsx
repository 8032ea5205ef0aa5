import { useState } from 'react';
import type { Cluster } from '../../../core/cluster/fleet/contract.ts';
import { Button, Dialog, Field, Select, t } from '../../ui/index.ts';
import { openLocal } from './several.ts';
import css from './terminal.module.css';

/** Asks which cluster a shell on this computer is for. */
export function LocalDialog({ clusters, onClose }: { clusters: readonly Cluster[]; onClose(): void }) {
  const [cluster, setCluster] = useState(clusters[0]?.key ?? '');
  const open = () => {
    onClose();
    openLocal(cluster);
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t('terminal.local.title')}
      description={t('terminal.local.text')}
      footer={
        <>
          <Button onClick={onClose}>{t('terminal.cancel')}</Button>
          <Button variant="primary" onClick={open}>
            {t('terminal.openIt')}
          </Button>
        </>
      }
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <Field label={t('terminal.local.cluster')}>
          <Select
            value={cluster}
            options={clusters.map(({ key, name }) => ({ value: key, label: name }))}
            onChange={setCluster}
          />
        </Field>
        <input type="submit" hidden />
      </form>
    </Dialog>
  );
}
