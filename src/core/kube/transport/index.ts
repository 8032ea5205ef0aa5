export type { DialOptions, Wire } from './dial.ts';
export { ApiFailure } from './failures.ts';
export type { ResponseHead } from './http1.ts';
export {
  createTransport,
  type StreamRequest,
  type Transport,
  type TransportOptions,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts';
export type { Upgraded, UpgradeRequest } from './upgrade.ts';
