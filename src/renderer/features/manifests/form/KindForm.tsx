import { useDeferredValue, useMemo, useState } from 'react';
import { useQuery } from '../../../client/index.ts';
import { EmptyState, ErrorState, Select, Skeleton, t } from '../../../ui/index.ts';
import { edited, partsOf, readValue } from '../../../ui/schema/document.ts';
import { resolved, type SchemaSet } from '../../../ui/schema/schema.ts';
import { wrongsOf } from '../../../ui/schema/validate.ts';
import { FieldGroup } from './FieldGroup.tsx';
import { FormField } from './FormField.tsx';
import css from './form.module.css';
import { type FormScene, SceneContext } from './scene.ts';

/** The server's own, and what makes it this object. */
const hidden = ['apiVersion', 'kind', 'status'];

/** A text as a form: each entry is written into the text where it belongs, and nothing else of it is touched. */
export function KindForm(props: {
  text: string;
  cluster: string | undefined;
  readOnly: boolean;
  onText(text: string): void;
}) {
  const { text, cluster, readOnly, onText } = props;
  const [wanted, setWanted] = useState(0);
  const parts = useMemo(() => partsOf(text), [text]);
  const part = parts[Math.min(wanted, parts.length - 1)];
  const own = part === undefined ? '' : text.slice(part.from, part.to);
  const value = useMemo(() => readValue(own), [own]);
  const object =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  const { apiVersion, kind } = object ?? {};
  const named = typeof apiVersion === 'string' && typeof kind === 'string' && apiVersion !== '' && kind !== '';
  const schema = useQuery(
    (client) => client.manifests.schema,
    named && cluster !== undefined ? { cluster, apiVersion, kind } : null,
  );
  const set = schema.previous ? undefined : (schema.data as SchemaSet | undefined);
  // Of a large kind the check takes longer than a letter: typing goes first.
  const checked = useDeferredValue(object);
  const wrongs = useMemo(
    () => (set === undefined || checked === undefined ? new Map() : wrongsOf(set, checked)),
    [set, checked],
  );
  const scene = useMemo<FormScene | undefined>(
    () =>
      set === undefined || part === undefined
        ? undefined
        : {
            set,
            wrongs,
            readOnly,
            Field: FormField,
            onEdit(path, next) {
              const changed = edited(own, path, next);
              if (changed !== undefined) onText(text.slice(0, part.from) + changed + text.slice(part.to));
            },
          },
    [set, wrongs, readOnly, part, own, text, onText],
  );
  if (part === undefined || !named) {
    return (
      <EmptyState
        compact
        title={t(value === undefined && own !== '' ? 'manifests.form.broken' : 'manifests.form.nothing')}
      >
        {t('manifests.form.nothingText')}
      </EmptyState>
    );
  }
  if (schema.error !== undefined) {
    return (
      <ErrorState compact title={t('manifests.form.noSchema', { kind })} error={schema.error} onRetry={schema.reload} />
    );
  }
  if (scene === undefined || set === undefined) {
    return (
      <div className={css.bones} aria-busy="true">
        {[40, 70, 55, 62].map((width) => (
          <Skeleton key={width} width={`${width}%`} />
        ))}
      </div>
    );
  }
  const root = resolved(set, set.schemas[set.root] ?? {});
  return (
    <section className={css.form} aria-label={t('manifests.form.of', { kind })}>
      <header className={css.head}>
        <h2 className={css.title}>{kind}</h2>
        <span className={css.type}>{apiVersion}</span>
        <span className={css.grow} />
        {wrongs.size > 0 && <span className={css.wrong}>{t('manifests.form.wrongs', { count: wrongs.size })}</span>}
        {parts.length > 1 && (
          <Select
            aria-label={t('manifests.form.document')}
            className={css.documents}
            value={String(Math.min(wanted, parts.length - 1))}
            options={parts.map((each, index) => ({
              value: String(index),
              label: titleOf(text.slice(each.from, each.to), index),
            }))}
            onChange={(next) => setWanted(Number(next))}
          />
        )}
      </header>
      <SceneContext.Provider value={scene}>
        <FieldGroup
          top
          name={kind}
          path={[]}
          schema={root}
          value={object}
          required
          wrong={undefined}
          remove={null}
          hide={hidden}
        />
      </SceneContext.Provider>
    </section>
  );
}

function titleOf(text: string, index: number): string {
  const word = (key: string) => new RegExp(`^\\s*${key}:\\s*["']?([^\\s"'#]+)`, 'm').exec(text)?.[1];
  return [`${index + 1}.`, word('kind'), word('name')].filter(Boolean).join(' ');
}
