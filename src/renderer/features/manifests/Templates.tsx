import { useQuery } from '../../client/index.ts';
import { t } from '../../ui/index.ts';
import css from './manifests.module.css';

/** Texts to begin with, while there is none. */
export function Templates({ onChoose }: { onChoose(text: string): void }) {
  const { data } = useQuery((client) => client.manifests.templates, {});
  return (
    <div className={css.templates}>
      <p className={css.dim}>{t('manifests.start')}</p>
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
