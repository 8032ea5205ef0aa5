import { href } from '../../app/router.ts';
import { t } from '../../ui/index.ts';
import css from './namespaces.module.css';

/** The two pages of the chapter. */
export function PageTabs({ page }: { page: 'namespaces' | 'labels' }) {
  return (
    <nav className={css.pages} aria-label={t('namespaces.pages.title')}>
      {(['namespaces', 'labels'] as const).map((id) => (
        <a key={id} href={href(`/${id}`)} aria-current={id === page ? 'page' : undefined}>
          {t(`namespaces.pages.${id}`)}
        </a>
      ))}
    </nav>
  );
}
