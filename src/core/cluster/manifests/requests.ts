import type { ChangeRequest } from '../changes/index.ts';
import type { Target } from './model.ts';
import { asWritten } from './shown.ts';

/** A request whose path has a query already. */
export type WriteRequest = ChangeRequest & { contentType: string };

const written = 'fieldManager=kubesage&fieldValidation=Strict';

/** Server-side apply: creates what is not there. */
export function applyRequest(target: Target, force: boolean): WriteRequest {
  return {
    method: 'PATCH',
    path: `${target.path}?${written}${force ? '&force=true' : ''}`,
    contentType: 'application/apply-patch+yaml',
    body: asWritten(target.object),
  };
}

export function createRequest(target: Target): WriteRequest {
  const body = asWritten(target.object);
  return { method: 'POST', path: `${target.path}?${written}`, contentType: 'application/json', body };
}

export function editRequest(target: Target, body: unknown): WriteRequest {
  const contentType = 'application/merge-patch+json';
  return { method: 'PATCH', path: `${target.path}?${written}`, contentType, body };
}

/** `299 - "text"`, several joined by commas. */
export function warningsOf(header: string | undefined): string[] {
  const found = (header ?? '').matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g);
  return [...found].map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}
