import { useState } from 'react';
import type { NamespaceOperation } from '../../../core/cluster/namespaces/contract.ts';
import { useCommand, useQuery } from '../../client/index.ts';

/** Preview, confirmation and start of an operation; undefined while something is missing. */
export function useOperation(operation: NamespaceOperation | undefined, onStarted: () => void) {
  const preview = useQuery((client) => client.namespaces.preview, operation === undefined ? null : { operation });
  const [run, running] = useCommand((client) => client.namespaces.run);
  const [typed, setTyped] = useState('');
  const shown = operation !== undefined && !preview.previous ? preview.data : undefined;
  const confirmation = shown?.confirmation;
  const refused = shown?.targets.every(
    ({ error, objects }) => error !== undefined || objects.some((each) => each.error),
  );
  const mayRun =
    shown !== undefined && refused !== true && (confirmation?.level !== 'type' || typed === confirmation.text);
  return {
    preview,
    shown,
    confirmation,
    typed,
    setTyped,
    running,
    mayRun,
    start() {
      if (operation === undefined || !mayRun) return;
      const confirmed = confirmation?.level === 'confirm' ? 'yes' : typed;
      run({ operation, ...(confirmed !== '' && { confirmed }) }).then(onStarted, () => undefined);
    },
  };
}

export type OperationState = ReturnType<typeof useOperation>;
