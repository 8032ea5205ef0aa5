import type { ApplicationPart } from '../../../core/cluster/portfolio/contract.ts';
import { href, pathOf } from '../../app/router.ts';
import { useClusters } from '../../app/scope.ts';
import { Dot, legible, Name, StatusMark, t } from '../../ui/index.ts';
import css from './portfolio.module.css';

const roles = ['workload', 'service', 'entry', 'scaling', 'delivery'] as const;

/** What an application is made of, by what it is for. */
export function PartsTable({ parts }: { parts: readonly ApplicationPart[] }) {
  return (
    <>
      {roles.map((role) => {
        const own = parts.filter((part) => part.role === role);
        if (own.length === 0) return null;
        return (
          <section key={role} className={css.section} aria-label={t(`portfolio.role.${role}`)}>
            <h2 className={css.sub}>
              {t(`portfolio.role.${role}`)} <span className={css.dim}>{own.length}</span>
            </h2>
            <div className={css.wide}>
              <table className={css.table}>
                <tbody>
                  {own.map((part) => (
                    <PartLine key={part.key} part={part} />
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        );
      })}
    </>
  );
}

function PartLine({ part }: { part: ApplicationPart }) {
  const { byId } = useClusters();
  const { object, kindName, cluster, clusterName, namespace, name, tone, status, detail } = part;
  const address =
    object === undefined
      ? part.role === 'delivery'
        ? pathOf('/helm/:cluster/:namespace/:name', { cluster, namespace, name })
        : undefined
      : pathOf('/objects/:cluster/:kind/:namespace/:name', { ...object, namespace: object.namespace || '-' });
  return (
    <tr>
      <td className={css.partName}>
        {address === undefined ? (
          <Name>{name}</Name>
        ) : (
          <a className={css.link} href={href(address)}>
            <Name>{name}</Name>
          </a>
        )}
      </td>
      <td className={css.kind}>{kindName}</td>
      <td>
        <span className={css.cluster}>
          <Dot color={byId.get(cluster)?.color ?? ''} />
          {legible(clusterName)} <span className={css.dim}>{legible(namespace)}</span>
        </span>
      </td>
      <td>
        <StatusMark tone={tone}>{legible(status) || undefined}</StatusMark>
      </td>
      <td className={css.detail}>{legible([part.version, detail].filter(Boolean).join(' · '))}</td>
    </tr>
  );
}
