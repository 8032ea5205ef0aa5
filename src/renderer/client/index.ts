export { type Connection, type KubeSageClient, useClient, useConnection, useLink } from './connection.ts';
export { desktop, type EngineState, useEngineState } from './desktop.ts';
export {
  type CommandState,
  type LiveResult,
  type QueryResult,
  toError,
  useCommand,
  useLive,
  useQuery,
} from './hooks.ts';
