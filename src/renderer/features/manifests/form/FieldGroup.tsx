import { Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, legible, SearchInput, t } from '../../../ui/index.ts';
import { resolved, type Schema, typeText } from '../../../ui/schema/schema.ts';
import css from './form.module.css';
import { alternativesOf, blankOf } from './kinds.ts';
import { type FormFieldProps, useScene } from './scene.ts';
import { YamlField } from './YamlField.tsx';

/** Choices that are drawn; with more of them one searches. */
const mostChoices = 60;

/**
 * The fields of an object: those that must be there and those that are, and a list of all others that can be added. Of a
 * kind with a thousand fields only what is in use is drawn.
 */
export function FieldGroup(
  props: FormFieldProps & {
    wrong: readonly string[] | undefined;
    remove: ReactNode;
    top?: boolean;
    hide?: readonly string[];
  },
) {
  const { name, path, schema, value, required, wrong, remove, top, hide = [] } = props;
  const { set, readOnly, onEdit, Field } = useScene();
  const [open, setOpen] = useState(true);
  const all = (value ?? {}) as Record<string, unknown>;
  const { properties = {}, required: needed = [], description } = schema;
  const names = Object.keys(properties).filter((each) => !hide.includes(each));
  const must = names.filter((each) => needed.includes(each));
  const used = names.filter((each) => !needed.includes(each) && all[each] !== undefined);
  const free = names.filter((each) => !needed.includes(each) && all[each] === undefined);
  const unknown = Object.keys(all).filter((each) => !Object.hasOwn(properties, each) && !hide.includes(each));
  const alternatives = alternativesOf(schema);
  const inside = (
    <>
      {alternatives !== undefined && (
        <p className={css.note}>
          {t(alternatives.exactly ? 'manifests.form.exactlyOne' : 'manifests.form.anyOne', {
            names: alternatives.names.join(', '),
          })}
        </p>
      )}
      {[...must, ...used].map((each) => (
        <Field
          key={each}
          name={each}
          path={[...path, each]}
          schema={properties[each] ?? {}}
          value={all[each]}
          required={needed.includes(each)}
        />
      ))}
      {unknown.map((each) => (
        <div key={each} className={css.field}>
          <div className={css.label}>
            <span>{legible(each)}</span>
            <span className={css.unknown}>{t('manifests.form.unknown')}</span>
          </div>
          <YamlField
            value={all[each]}
            readOnly={readOnly}
            label={each}
            onChange={(next) => onEdit([...path, each], next)}
          />
        </div>
      ))}
      {free.length > 0 && (
        <Optional
          name={name}
          fields={free.map((each) => ({ name: each, schema: resolved(set, properties[each] ?? {}) }))}
          disabled={readOnly}
          onAdd={(each, field) => onEdit([...path, each], blankOf(set, field))}
        />
      )}
    </>
  );
  if (top === true) return <div className={css.top}>{inside}</div>;
  return (
    <fieldset className={css.group}>
      <legend className={css.legend}>
        <button type="button" className={css.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          <span aria-hidden className={css.arrow} data-open={open} />
          {name}
          {required && <span className={css.required}> {t('manifests.form.required')}</span>}
        </button>
        <span className={css.grow} />
        {remove}
      </legend>
      {wrong !== undefined && (
        <p className={css.wrong} role="alert">
          {wrong.join(' ')}
        </p>
      )}
      {open && (
        <>
          {description !== undefined && description !== '' && <p className={css.help}>{legible(description)}</p>}
          <div className={css.inside}>{inside}</div>
        </>
      )}
    </fieldset>
  );
}

/** Fields that are not in use, folded: found by their name or by what is said of them. */
function Optional(props: {
  name: string;
  fields: readonly { name: string; schema: Schema }[];
  disabled: boolean;
  onAdd(name: string, schema: Schema): void;
}) {
  const { fields } = props;
  const { set } = useScene();
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = fields
    .filter(({ name, schema }) => wanted === '' || `${name} ${schema.description ?? ''}`.toLowerCase().includes(wanted))
    .sort((a, b) => Number(b.name.toLowerCase().includes(wanted)) - Number(a.name.toLowerCase().includes(wanted)));
  return (
    <div className={css.optional}>
      <Button
        size="s"
        variant="quiet"
        icon={Plus}
        aria-expanded={open}
        disabled={props.disabled}
        onClick={() => setOpen(!open)}
      >
        {t('manifests.form.optional', { count: fields.length, name: props.name })}
      </Button>
      {open && (
        <div className={css.choices}>
          {fields.length > 8 && <SearchInput label={t('manifests.form.search')} value={text} onChange={setText} />}
          <ul>
            {found.slice(0, mostChoices).map(({ name, schema }) => (
              <li key={name}>
                <button
                  type="button"
                  className={css.choice}
                  onClick={() => {
                    props.onAdd(name, schema);
                    setOpen(false);
                    setText('');
                  }}
                >
                  <code>{name}</code>
                  <span className={css.type}>{typeText(set, schema)}</span>
                  <span className={css.clip}>{legible(schema.description ?? '')}</span>
                </button>
              </li>
            ))}
          </ul>
          {found.length > mostChoices && (
            <p className={css.note}>{t('manifests.form.more', { count: found.length - mostChoices })}</p>
          )}
          {found.length === 0 && <p className={css.note}>{t('ui.nothingMatches')}</p>}
        </div>
      )}
    </div>
  );
}
