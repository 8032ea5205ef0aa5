import { useLive } from '../../client/index.ts';
import { Age, legible, Name, StatusMark, type Tone, t } from '../../ui/index.ts';
import css from './namespaces.module.css';

const columns = ['status', 'reason', 'object', 'message', 'count', 'last'];
const shown = 30;

/** What happened in a namespace, newest first. */
export function NamespaceEvents({ cluster, namespace }: { cluster: string; namespace: string }) {
  const { rows, head } = useLive((client) => client.resources.list, {
    kind: 'events',
    clusters: [cluster],
    namespaces: [namespace],
    sort: [{ column: 'last', descending: true }],
    columns,
    limit: shown,
  });
  const at = (id: string) => head?.columns.findIndex((column) => column.id === id) ?? -1;
  const refused = head?.scopes.find(({ state }) => state === 'forbidden');
  return (
    <section className={css.panel} aria-label={t('namespaces.events.title')}>
      <h2 className={css.sub}>{t('namespaces.events.title')}</h2>
      {refused !== undefined && <p className={css.dim}>{legible(refused.reason ?? '')}</p>}
      {head !== undefined && refused === undefined && rows.length === 0 && (
        <p className={css.dim}>{t('namespaces.events.none')}</p>
      )}
      {rows.length > 0 && (
        <table className={css.table}>
          <tbody>
            {rows.map(({ key, tone, cells }) => {
              const text = (id: string) => String(cells[at(id)] ?? '');
              const last = cells[at('last')];
              return (
                <tr key={key}>
                  <td className={css.number}>
                    <Age at={typeof last === 'number' ? last : null} />
                  </td>
                  <td>
                    <StatusMark tone={tone as Tone}>{legible(text('reason') || text('status'))}</StatusMark>
                  </td>
                  <td>
                    <Name>{text('object')}</Name>
                  </td>
                  <td>
                    {legible(text('message'))}
                    {Number(text('count')) > 1 && <span className={css.dim}> ×{text('count')}</span>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}
