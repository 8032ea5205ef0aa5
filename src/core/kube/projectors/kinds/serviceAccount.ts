import type { Serviceaccounts } from '../generated/partials.ts';
import { columns, kind, number, text } from '../kind.ts';
import { flag, present } from './parts.ts';

const own = columns({
  secrets: number('Secrets'),
  pullsecrets: number('Pull secrets', 'count', 1),
  automount: number('Automount token', 'flag', 1),
  refs: text('Uses', 2, 200, '`Secret/name` a line'),
});

export const serviceAccounts = kind<Serviceaccounts>({
  id: 'serviceaccounts',
  kind: 'ServiceAccount',
  version: 'v1',
  section: 'Access',
  shortNames: ['sa'],
  columns: own.list,
  select: 'secrets { name } imagePullSecrets { name } automountServiceAccountToken?',
  row({ secrets, imagePullSecrets, automountServiceAccountToken }, meta, cells) {
    present(cells, meta);
    cells.number(own.at.secrets, secrets.length);
    cells.number(own.at.pullsecrets, imagePullSecrets.length);
    if (automountServiceAccountToken !== null) cells.number(own.at.automount, flag(automountServiceAccountToken));
    const names = new Set([...secrets, ...imagePullSecrets].map(({ name }) => name));
    cells.text(own.at.refs, [...names].map((name) => `Secret/${name}`).join('\n'));
  },
});
