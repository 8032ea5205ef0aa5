import { FolderOpen, X } from 'lucide-react';
import { useLive, useQuery } from '../../client/index.ts';
import { Button, t } from '../../ui/index.ts';
import { openFolder } from './folder/given.ts';
import css from './manifests.module.css';
import { useOwnTemplates } from './ownTemplates.ts';

/** Texts to begin with, while there is none. */
export function Templates({ cluster, onChoose }: { cluster: string | undefined; onChoose(text: string): void }) {
  const { data } = useQuery((client) => client.manifests.templates, {});
  const kinds = useLive((client) => client.resources.kinds, cluster === undefined ? null : { clusters: [cluster] });
  const served = new Set(kinds.rows.map(({ id }) => id));
  const shown = data?.templates.filter(({ needs }) => needs === undefined || served.has(needs));
  const { templates: own, remove } = useOwnTemplates();
  return (
    <div className={css.templates}>
      <div className={css.start}>
        <p className={css.dim}>{t('manifests.start')}</p>
        <span className={css.grow} />
        <Button size="s" icon={FolderOpen} onClick={() => openFolder()}>
          {t('manifests.folder.open')}
        </Button>
      </div>
      {own.length > 0 && (
        <ul aria-label={t('manifests.own.mine')}>
          {own.map(({ title, text }) => (
            <li key={title} className={css.own}>
              <button type="button" className={css.template} onClick={() => onChoose(text)}>
                {title}
              </button>
              <button
                type="button"
                className={css.forget}
                aria-label={t('manifests.own.delete', { name: title })}
                onClick={() => remove(title)}
              >
                <X size={12} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      <ul>
        {shown?.map(({ id, title, description, text }) => (
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
