import type { FileProblem } from '../../../../core/cluster/manifests/contract.ts';
import { legible, Strip, t } from '../../../ui/index.ts';
import css from './folder.module.css';

const most = 40;

/** What of the folder is not in the tree, and why. */
export function Problems({ problems, tooLarge }: { problems: readonly FileProblem[]; tooLarge: readonly string[] }) {
  if (problems.length + tooLarge.length === 0) return null;
  return (
    <Strip tone="warning">
      <details>
        <summary>{t('manifests.folder.problems', { count: problems.length + tooLarge.length })}</summary>
        <ul className={css.problems}>
          {tooLarge.map((path) => (
            <li key={path}>
              <code>{legible(path)}</code> {t('manifests.folder.tooLarge')}
            </li>
          ))}
          {problems.slice(0, most).map(({ file, line, message }) => (
            <li key={`${file}/${line}/${message}`}>
              <code>
                {file === '' ? t('manifests.folder.built') : legible(file)}:{line}
              </code>{' '}
              {legible(message)}
            </li>
          ))}
        </ul>
      </details>
    </Strip>
  );
}
