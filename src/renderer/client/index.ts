export { type Connection, type KubeSageClient, useClient, useConnection, useLink } from './connection.ts';
export {
  type CommandState,
  type LiveResult,
  type QueryResult,
  toError,
  useCommand,
  useLive,
  useQuery,
} from './hooks.ts';
