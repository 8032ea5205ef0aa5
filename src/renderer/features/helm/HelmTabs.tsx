import { href } from '../../app/router.ts';
import { t } from '../../ui/index.ts';
import css from './helm.module.css';

const places = [
  { id: 'releases', path: '/helm', text: 'helm.title' },
  { id: 'charts', path: '/helm/charts', text: 'helm.charts.title' },
] as const;

/** The two halves: what is in the clusters, and what could be. The one that is shown is the page's title. */
export function HelmTabs({ at }: { at: (typeof places)[number]['id'] }) {
  return (
    <div className={css.places}>
      {places.map(({ id, path, text }) =>
        id === at ? (
          <h1 key={id} className={css.title}>
            {t(text)}
          </h1>
        ) : (
          <a key={id} className={css.otherPlace} href={href(path)}>
            {t(text)}
          </a>
        ),
      )}
    </div>
  );
}
