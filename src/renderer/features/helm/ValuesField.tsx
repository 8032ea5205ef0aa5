import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Button, Segments, Skeleton, t } from '../../ui/index.ts';
import css from './helm.module.css';
import { mergedValues, withChanges } from './model.ts';
import type { ValuesEditor } from './valuesEditor.ts';

/** How values are looked at and written. */
type Way = 'yaml' | 'form' | 'changes';

/** The values of a release: as YAML, and what is other than before. */
export function ValuesField(props: {
  values: string;
  /** What they were, or the chart's defaults. */
  before: string;
  hint: string;
  /** Of the chart's values, JSON; '' when it has none. */
  schema: string;
  /** The chart's own, YAML. */
  defaults: string;
  onChange(values: string): void;
  /** Replaces them by the chart's defaults; absent where that is not offered. */
  onFill?: (() => void) | undefined;
}) {
  const { values, before, hint, schema, defaults, onChange, onFill } = props;
  const parsed = useMemo(() => readSchema(schema), [schema]);
  const [way, setWay] = useState<Way>('yaml');
  return (
    <section className={css.valuesField} aria-label={t('helm.field.values')}>
      <div className={css.head}>
        <h3 className={css.fieldLabel}>{t('helm.field.values')}</h3>
        <span className={css.grow} />
        {onFill !== undefined && (
          <Button size="s" onClick={onFill}>
            {t('helm.fillDefaults')}
          </Button>
        )}
        <Segments
          label={t('helm.valuesAs')}
          value={way}
          onChange={setWay}
          options={[
            { value: 'yaml', label: t('helm.way.yaml') },
            ...(parsed === undefined ? [] : [{ value: 'form' as const, label: t('helm.way.form') }]),
            { value: 'changes', label: t('helm.way.changes') },
          ]}
        />
      </div>
      {way === 'yaml' && <EditorFrame text={values} onChange={onChange} />}
      {way === 'form' && parsed !== undefined && (
        <FormFrame schema={parsed} values={values} defaults={defaults} onChange={onChange} />
      )}
      {way === 'changes' && <DiffFrame before={before} after={values} />}
      <p className={css.dim}>{hint}</p>
    </section>
  );
}

type Editors = typeof import('./valuesEditor.ts');
/** The editor's code is large, and loaded when the first one is wanted. */
let loading: Promise<Editors> | undefined;

function useEditors(): Editors | undefined {
  const [editors, setEditors] = useState<Editors>();
  useEffect(() => {
    let gone = false;
    loading ??= import('./valuesEditor.ts');
    void loading.then((loaded) => {
      if (!gone) setEditors(loaded);
    });
    return () => {
      gone = true;
    };
  }, []);
  return editors;
}

function EditorFrame({ text, onChange }: { text: string; onChange(text: string): void }) {
  const editors = useEditors();
  const frame = useRef<HTMLDivElement>(null);
  const editor = useRef<ValuesEditor>(null);
  const latest = useRef({ text, onChange });
  latest.current = { text, onChange };
  useEffect(() => {
    if (editors === undefined || frame.current === null) return;
    const made = editors.createValuesEditor(frame.current, {
      label: t('helm.field.values'),
      text: latest.current.text,
      onChange: (next) => latest.current.onChange(next),
    });
    editor.current = made;
    return () => {
      editor.current = null;
      made.dispose();
    };
  }, [editors]);
  useEffect(() => editor.current?.setText(text), [text]);
  return (
    <div ref={frame} className={css.editor}>
      {editors === undefined && <Skeleton width="40%" />}
    </div>
  );
}

function DiffFrame({ before, after }: { before: string; after: string }) {
  const editors = useEditors();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (editors === undefined || frame.current === null) return;
    const made = editors.createValuesDiff(frame.current, { label: t('helm.way.changes'), before, after });
    return () => made.dispose();
  }, [editors, before, after]);
  return <div ref={frame} className={css.editor} />;
}

const SchemaForm = lazy(async () => ({ default: (await import('../../ui/schemaForm/SchemaForm.tsx')).SchemaForm }));

/** Fields for what the chart's schema names; what is entered is written into the YAML. */
function FormFrame(props: { schema: object; values: string; defaults: string; onChange(values: string): void }) {
  const { schema, values, defaults, onChange } = props;
  const merged = useMemo(() => mergedValues(defaults, values), [defaults, values]);
  if (merged === undefined) return <p className={css.error}>{t('helm.noYaml')}</p>;
  return (
    <div className={css.valuesForm}>
      <Suspense fallback={<Skeleton width="40%" />}>
        <SchemaForm
          label={t('helm.way.form')}
          schema={schema}
          values={merged}
          onChange={(after) => {
            const text = withChanges(values, merged, after);
            if (text !== values) onChange(text);
          }}
        />
      </Suspense>
    </div>
  );
}

function readSchema(json: string): object | undefined {
  try {
    const schema: unknown = JSON.parse(json);
    return typeof schema === 'object' && schema !== null && 'properties' in schema ? schema : undefined;
  } catch {
    return undefined;
  }
}
