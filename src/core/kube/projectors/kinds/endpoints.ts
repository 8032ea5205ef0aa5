import type { Endpoints } from '../generated/partials.ts';
import { columns, kind, number, say, text, tone } from '../kind.ts';

const own = columns({
  endpoints: text('Endpoints', 0, 280, 'The first three'),
  addresses: number('Addresses', 'count', 1),
  notready: number('Not ready', 'count', 1),
  targets: text('Targets', 2, 200, '`Kind/name` a line'),
});
const { at } = own;

export const endpoints = kind<Endpoints>({
  id: 'endpoints',
  kind: 'Endpoints',
  version: 'v1',
  section: 'Network',
  shortNames: ['ep'],
  columns: own.list,
  select: `subsets { addresses { ip~ targetRef { kind name } } notReadyAddresses { ip~ targetRef { kind name } } ports { port } }`,
  row({ subsets }, meta, cells) {
    const list: string[] = [];
    const targets = new Set<string>();
    let ready = 0;
    let notReady = 0;
    for (const { addresses, notReadyAddresses, ports } of subsets) {
      ready += addresses.length;
      notReady += notReadyAddresses.length;
      for (const { ip } of addresses) {
        const host = ip.includes(':') && ports.length > 0 ? `[${ip}]` : ip;
        if (ports.length === 0) list.push(host);
        for (const { port } of ports) list.push(`${host}:${port}`);
      }
      for (const { targetRef } of [...addresses, ...notReadyAddresses]) {
        if (targetRef !== null) targets.add(`${targetRef.kind}/${targetRef.name}`);
      }
    }
    if (ready > 0) say(cells, meta, 'Ready', tone.healthy);
    else
      say(
        cells,
        meta,
        'No endpoints',
        notReady > 0 ? tone.failed : tone.stopped,
        notReady > 0 ? `${notReady} not ready` : '',
      );
    cells.text(at.endpoints, list.slice(0, 3).join(',') + (list.length > 3 ? ` + ${list.length - 3} more...` : ''));
    cells.number(at.addresses, ready);
    cells.number(at.notready, notReady);
    cells.text(at.targets, [...targets].join('\n'));
  },
});
