import { useState } from 'react';
import { parse, stringify } from 'yaml';
import { TextArea, t } from '../../../ui/index.ts';
import css from './form.module.css';

/** A value of any shape, as YAML. What is being typed and is none yet stays in the field. */
export function YamlField(props: {
  id?: string;
  label?: string;
  value: unknown;
  readOnly: boolean;
  onChange(value: unknown): void;
}) {
  const { id, label, value, readOnly, onChange } = props;
  const [typed, setTyped] = useState<string>();
  const [wrong, setWrong] = useState(false);
  const written = value === undefined ? '' : stringify(value, { version: '1.1', lineWidth: 0 }).trimEnd();
  const text = typed ?? written;
  return (
    <>
      <TextArea
        id={id}
        aria-label={label}
        aria-invalid={wrong}
        rows={Math.min(12, Math.max(2, text.split('\n').length))}
        readOnly={readOnly}
        value={text}
        onChange={(event) => {
          setTyped(event.target.value);
          try {
            const next = event.target.value.trim() === '' ? undefined : parse(event.target.value, { version: '1.1' });
            setWrong(false);
            onChange(next);
          } catch {
            setWrong(true);
          }
        }}
        onBlur={() => {
          if (!wrong) setTyped(undefined);
        }}
      />
      {wrong && <p className={css.wrong}>{t('manifests.form.noYaml')}</p>}
    </>
  );
}
