import { FolderOpen } from 'lucide-react';
import { useQuery } from '../../client/index.ts';
import { Button, t } from '../../ui/index.ts';
import { openFolder } from './folder/given.ts';
import css from './manifests.module.css';

/** Texts to begin with, while there is none. */
export function Templates({ onChoose }: { onChoose(text: string): void }) {
  const { data } = useQuery((client) => client.manifests.templates, {});
  return (
    <div className={css.templates}>
      <div className={css.start}>
        <p className={css.dim}>{t('manifests.start')}</p>
        <span className={css.grow} />
        <Button size="s" icon={FolderOpen} onClick={() => openFolder()}>
          {t('manifests.folder.open')}
        </Button>
      </div>
      <ul>
        {data?.templates.map(({ id, title, description, text }) => (
          <li key={id}>
            <button type="button" className={css.template} title={description} onClick={() => onChoose(text)}>
              {title}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
