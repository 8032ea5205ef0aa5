import type { Implementations } from '../../kernel/contract.ts';
import type { history as contract } from './contract.ts';
import type { History } from './history.ts';

export function historyApi(history: History): Implementations<typeof contract> {
  return {
    object: ({ object, limit }) => history.object(object, limit),
    changes: (range) => history.changes(range),
    status: () => history.status(),
  };
}
