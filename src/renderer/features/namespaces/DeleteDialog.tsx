import { useMemo } from 'react';
import type { NamespaceName, NamespaceOperation } from '../../../core/cluster/namespaces/contract.ts';
import { Button, Dialog, t } from '../../ui/index.ts';
import css from './namespaces.module.css';
import { Targets } from './Targets.tsx';
import { useOperation } from './useOperation.ts';

/** Shows what goes with a namespace before it is deleted. */
export function DeleteDialog({ of, onClose }: { of: NamespaceName; onClose(done: boolean): void }) {
  const operation = useMemo((): NamespaceOperation => ({ operation: 'delete', namespaces: [of] }), [of]);
  const state = useOperation(operation, () => onClose(true));
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose(false)}
      size="l"
      title={t('namespaces.delete.title', { name: of.namespace })}
      footer={
        <>
          <Button onClick={() => onClose(false)}>{t('namespaces.cancel')}</Button>
          <Button variant="danger" busy={state.running.pending} disabled={!state.mayRun} onClick={state.start}>
            {t('namespaces.delete.do')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <Targets state={state} />
      </div>
    </Dialog>
  );
}
