import { classes, t } from '../ui/index.ts';
import type { Feature } from './feature.ts';
import { features } from './features.ts';
import { href } from './router.ts';
import styles from './shell.module.css';

/** The chapters that exist. */
export function Rail({ active }: { active: string | undefined }) {
  const chapters = features.filter((feature) => feature.chapter !== undefined);
  const draw = ({ id, chapter }: Feature) => {
    if (chapter === undefined) return null;
    const Icon = chapter.icon;
    return (
      <a
        key={id}
        className={classes(styles.chapter, id === active && styles.chapterActive)}
        href={href(chapter.path)}
        aria-current={id === active ? 'page' : undefined}
      >
        <Icon size={18} strokeWidth={1.75} aria-hidden />
        <span>{t(chapter.title)}</span>
      </a>
    );
  };
  return (
    <nav className={styles.rail} aria-label={t('app.chapters')}>
      {chapters.filter((feature) => feature.chapter?.foot !== true).map(draw)}
      <div className={styles.railSpace} />
      {chapters.filter((feature) => feature.chapter?.foot === true).map(draw)}
    </nav>
  );
}
