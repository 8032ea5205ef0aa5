import { createContext, useContext, useMemo, useSyncExternalStore } from 'react';
import type { KubeSageContract } from '../../core/contract.ts';
import type { Client, ConnectionState, Connection as KernelConnection } from '../../core/kernel/client.ts';
import type { KubeSageError } from '../../core/kernel/errors.ts';
import { useTicking } from '../ui/time.ts';

export type KubeSageClient = Client<KubeSageContract>;
export type Connection = KernelConnection<KubeSageContract>;

/** How the engine is reached at the moment. */
export interface Link {
  state: ConnectionState;
  /** Why it is not connected, as far as known. */
  problem: KubeSageError | undefined;
}

export const ConnectionContext = createContext<Connection | undefined>(undefined);

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext);
  if (connection === undefined) throw new Error('useConnection is used outside of ConnectionContext');
  return connection;
}

/** The whole contract as functions. They are the same objects for the connection's life. */
export function useClient(): KubeSageClient {
  return useConnection().client;
}

export function useLink(): Link {
  const connection = useConnection();
  const state = useSyncExternalStore(
    (changed) => {
      const subscription = connection.onState(changed);
      return () => subscription.dispose();
    },
    () => connection.state,
  );
  // Each failed attempt has its own reason, and none changes the state: it is looked at again every second.
  const reason = useTicking(() => connection.problem?.message ?? '');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the reason's text says when the problem is another one.
  return useMemo(() => ({ state, problem: connection.problem }), [connection, state, reason]);
}
