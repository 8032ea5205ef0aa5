import { useEffect, useState } from 'react';
import type { ApplicationPart } from '../../../core/cluster/portfolio/contract.ts';
import type { ObjectVersion } from '../../../core/observe/history/contract.ts';
import { toError, useClient } from '../../client/index.ts';
import { Age, legible, Name, t } from '../../ui/index.ts';
import css from './portfolio.module.css';

/** Columns whose change says something of an application, and not of how it is scaled. */
const telling = ['images', 'labels', 'strategy', 'schedule', 'paused', 'containers'];
/** Workloads that are asked about, and lines that are shown. */
const mostWorkloads = 20;
const mostLines = 20;
const versionsEach = 1000;

interface Line {
  key: string;
  at: number;
  part: ApplicationPart;
  change: ObjectVersion['change'];
  changed: ObjectVersion['changed'];
}

/** What changed in an application's workloads: images, labels, schedules, newest first. */
export function Changes({ workloads }: { workloads: readonly ApplicationPart[] }) {
  const { lines, error } = useChangeLines(workloads);
  return (
    <section className={css.section} aria-label={t('portfolio.changes')}>
      <h2 className={css.sub}>{t('portfolio.changes')}</h2>
      {error !== undefined && <p className={css.dim}>{error}</p>}
      {lines?.length === 0 && <p className={css.dim}>{t('portfolio.noChanges')}</p>}
      {workloads.length > mostWorkloads && (
        <p className={css.dim}>{t('portfolio.changesOf', { count: mostWorkloads, all: workloads.length })}</p>
      )}
      {lines !== undefined && lines.length > 0 && (
        <div className={css.wide}>
          <table className={css.table}>
            <tbody>
              {lines.map(({ key, at, part, change, changed }) => (
                <tr key={key}>
                  <td className={css.number}>
                    <Age at={at} />
                  </td>
                  <td>{legible(part.clusterName)}</td>
                  <td>
                    <Name>{part.name}</Name>
                  </td>
                  <td className={css.detail}>
                    {change !== 'modified' && t(`portfolio.change.${change}`)}
                    {change === 'modified' &&
                      changed.map(({ column, before, after }) => (
                        <span key={column} className={css.change}>
                          <span className={css.dim}>{column}</span> <del>{short(before, after)}</del>{' '}
                          <ins>{short(after, before)}</ins>
                        </span>
                      ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function useChangeLines(workloads: readonly ApplicationPart[]) {
  const client = useClient();
  const [lines, setLines] = useState<Line[]>();
  const [error, setError] = useState<string>();
  const asked = workloads.slice(0, mostWorkloads);
  // Asked anew when a workload comes or goes, or has another version.
  const stamp = asked.map(({ key, version, images }) => `${key} ${version} ${images.join()}`).join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the workloads are compared by what is asked of them
  useEffect(() => {
    const abort = new AbortController();
    const read = async (part: ApplicationPart): Promise<Line[]> => {
      if (part.object === undefined) return [];
      const input = { object: part.object, limit: versionsEach };
      const { versions } = await client.history.object(input, { signal: abort.signal });
      return versions.flatMap(({ validFrom, change, changed }): Line[] => {
        const own = changed.filter(({ column }) => telling.includes(column));
        if (change === 'modified' && own.length === 0) return [];
        return [{ key: `${part.key} ${validFrom}`, at: validFrom, part, change, changed: own }];
      });
    };
    Promise.all(asked.map(read)).then(
      (found) => {
        if (abort.signal.aborted) return;
        setError(undefined);
        setLines(
          found
            .flat()
            .sort((a, b) => b.at - a.at)
            .slice(0, mostLines),
        );
      },
      (problem: unknown) => {
        if (!abort.signal.aborted) setError(toError(problem).message);
      },
    );
    return () => abort.abort();
  }, [client, stamp]);
  return { lines, error };
}

/** Lines and images that are in both are left out. */
function short(text: string | null, other: string | null): string {
  if (text === null) return '';
  const cut = (each: string) => each.split(/[\n,]/);
  const same = new Set(other === null ? [] : cut(other));
  return legible(
    cut(text)
      .filter((part) => !same.has(part))
      .join(', '),
  );
}
