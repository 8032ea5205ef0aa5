import type { FieldChange } from '../../platform/audit/contract.ts';
import type { ObjectRef } from '../resources/contract.ts';

/** One request that changes something. */
export interface ChangeRequest {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With query, such as `?fieldManager=kubesage`. */
  path: string;
  contentType?: string | undefined;
  body?: unknown;
}

/** A request with what must be known to show, record and take it back. */
export interface Change {
  object: ObjectRef;
  request: ChangeRequest;
  /**
   * Path of the object that it changes, read before and after; absent: the request's own path without its query. null
   * where there is nothing to be compared: an eviction, for example.
   */
  subject?: string | null | undefined;
  /** The way back; absent: made from the object before and after. null: there is none. */
  inverse?: ChangeRequest | null | undefined;
}

/** Something that is done without a request of ours: by a program that talks to the API server itself. */
export interface Act {
  object: ObjectRef;
  /** As the record shows it, without a value that may be secret: `helm rollback web 2`. */
  request: string;
  /** Resolves with what it changed, as it may be shown and recorded. */
  perform(signal: AbortSignal): Promise<FieldChange[]>;
  /** The way back, made when it is done; null where there is none. */
  inverse: Step | null;
}

export interface StepContext {
  signal: AbortSignal;
  /** Nothing is changed, and nothing is to be waited for: only what would be sent, is sent as a dry run. */
  dryRun: boolean;
  /** Progress in words; the newest stands at the step. */
  say(text: string): void;
  /**
   * Sends one change, records it and keeps its way back. Resolves with the server's answer; rejects with KubeSageError,
   * which is recorded as well.
   */
  send(change: Change): Promise<unknown>;
  /** Does something without a request of ours, recorded and taken back alike. Does nothing in a dry run. */
  act(act: Act): Promise<void>;
}

export interface Step {
  object: ObjectRef;
  /** Something is lost or interrupted; of a way back, which is a plan of its own when it is gone. */
  danger?: boolean | undefined;
  /** Resolves when it is done, with the last word on it, if any. */
  perform(context: StepContext): Promise<string | undefined>;
}

/** What is to be done. */
export interface Plan {
  /** `scale`: as the record and the screen call it. */
  action: string;
  title: string;
  steps: readonly Step[];
  /** Something is lost or interrupted. */
  danger: boolean;
  /** Steps at once; 4 when absent. One is right where an order matters. */
  atOnce?: number | undefined;
  /** The run that it takes back. */
  undoes?: string | undefined;
}
