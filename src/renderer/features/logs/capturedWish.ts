import type { CapturedQuery } from '../../../core/cluster/logs/capture/contract.ts';
import type { Params } from '../../app/router.ts';
import { severityNames } from './logBuffer.ts';

/** What is searched for in captured lines, as the page's address has it. Instants are milliseconds. */
export interface CapturedWish {
  find: string;
  regex: boolean;
  exclude: string;
  pod: string;
  /** The lines of this weight and above. */
  atLeast: 'all' | 'info' | 'warn' | 'error';
  from: number | undefined;
  to: number | undefined;
  order: 'newest' | 'oldest';
}

export function readWish(params: Params): CapturedWish {
  const { atLeast } = params;
  return {
    find: params.find ?? '',
    regex: params.regex !== undefined,
    exclude: params.exclude ?? '',
    pod: params.pod ?? '',
    atLeast: atLeast === 'info' || atLeast === 'warn' || atLeast === 'error' ? atLeast : 'all',
    from: readMoment(params.from),
    to: readMoment(params.to),
    order: params.order === 'oldest' ? 'oldest' : 'newest',
  };
}

export function writeWish(change: Partial<CapturedWish>): Params {
  const written: Params = {};
  if ('find' in change) written.find = change.find || undefined;
  if ('regex' in change) written.regex = change.regex === true ? '1' : undefined;
  if ('exclude' in change) written.exclude = change.exclude || undefined;
  if ('pod' in change) written.pod = change.pod || undefined;
  if ('atLeast' in change) written.atLeast = change.atLeast === 'all' ? undefined : change.atLeast;
  if ('from' in change) written.from = change.from === undefined ? undefined : new Date(change.from).toISOString();
  if ('to' in change) written.to = change.to === undefined ? undefined : new Date(change.to).toISOString();
  if ('order' in change) written.order = change.order === 'oldest' ? 'oldest' : undefined;
  return written;
}

/** As the engine asks for it. */
export function queryOf(wish: CapturedWish, captures: readonly string[] | undefined): CapturedQuery {
  const { find, regex, exclude, pod, atLeast, from, to } = wish;
  return {
    ...(captures !== undefined && { captures: [...captures] }),
    ...(find !== '' && { include: { text: find, regex } }),
    ...(exclude !== '' && { exclude: { text: exclude, regex } }),
    ...(pod !== '' && { pod }),
    ...(atLeast !== 'all' && { severities: severityNames.slice(severityNames.indexOf(atLeast)) }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}

function readMoment(text: string | undefined): number | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : at;
}
