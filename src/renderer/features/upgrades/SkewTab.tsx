import type { Report } from '../../../core/cluster/upgrades/contract.ts';
import { legible, StatusMark, t } from '../../ui/index.ts';
import { Findings } from './Findings.tsx';
import { minorText, skewTones } from './model.ts';
import css from './upgrades.module.css';

/** Versions of everything of Kubernetes itself, as they are now, and beside a control plane of the target. */
export function SkewTab({ report }: { report: Report }) {
  const findings = report.findings.filter(({ area }) => area === 'skew' || area === 'support');
  return (
    <div className={css.body}>
      {findings.length > 0 && <Findings findings={findings} />}
      <div className={css.wide}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('upgrades.column.component')}</th>
              <th scope="col">{t('upgrades.column.version')}</th>
              <th scope="col" className={css.number}>
                {t('upgrades.column.count')}
              </th>
              <th scope="col">{t('upgrades.withMinor', { version: minorText(report.minor) })}</th>
              <th scope="col">{t('upgrades.withMinor', { version: minorText(report.target) })}</th>
              <th scope="col">{t('upgrades.column.rule')}</th>
            </tr>
          </thead>
          <tbody>
            {report.components.map(({ key, component, version, count, now, later, rule }) => (
              <tr key={key}>
                <td>{component}</td>
                <td className={css.mono}>{legible(version)}</td>
                <td className={css.number}>{count}</td>
                <td>
                  {key === 'control plane' ? (
                    <span className={css.mono}>{minorText(report.minor)}</span>
                  ) : (
                    <StatusMark tone={skewTones[now]}>{t(`upgrades.skew.${now}`)}</StatusMark>
                  )}
                </td>
                <td>
                  {key === 'control plane' ? (
                    <span className={css.mono}>{minorText(report.target)}</span>
                  ) : (
                    <StatusMark tone={skewTones[later]}>{t(`upgrades.skew.${later}`)}</StatusMark>
                  )}
                </td>
                <td className={css.dim}>{rule}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2 className={css.sub}>{t('upgrades.nodeGroups')}</h2>
      <div className={css.wide}>
        <table className={css.table}>
          <thead>
            <tr>
              {(['kubelet', 'runtime', 'os', 'kernel', 'arch', 'cgroup'] as const).map((id) => (
                <th key={id} scope="col">
                  {t(`upgrades.column.${id}`)}
                </th>
              ))}
              <th scope="col" className={css.number}>
                {t('upgrades.column.count')}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.nodes.map(({ kubelet, runtime, os, kernel, arch, cgroup, count, names }) => (
              <tr
                key={[kubelet, runtime, os, kernel, arch].join('\n')}
                title={names.slice(0, 10).map(legible).join('\n')}
              >
                <td className={css.mono}>{legible(kubelet)}</td>
                <td className={css.mono}>{legible(runtime)}</td>
                <td>{legible(os)}</td>
                <td className={css.mono}>{legible(kernel)}</td>
                <td>{legible(arch)}</td>
                <td>{cgroup === null ? t('upgrades.unknown') : `v${cgroup}`}</td>
                <td className={css.number}>{count}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
