import { ChevronDown, ChevronUp, Plus, Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { Button, IconButton, legible, Select, TextArea, TextInput, t } from '../../../ui/index.ts';
import { resolved, type Schema, typeText } from '../../../ui/schema/schema.ts';
import { pointerOf } from '../../../ui/schema/validate.ts';
import { FieldGroup } from './FieldGroup.tsx';
import css from './form.module.css';
import { blankOf, entryOf } from './kinds.ts';
import { type FormFieldProps, useScene } from './scene.ts';
import { YamlField } from './YamlField.tsx';

/** One field with its help and what is wrong with it; what is in it, below. */
export function FormField(props: FormFieldProps) {
  const { name, path, value, required, fixed } = props;
  const { set, wrongs, readOnly, onEdit } = useScene();
  const schema = resolved(set, props.schema);
  const entry = entryOf(set, schema, value);
  const id = useId();
  const wrong = wrongs.get(pointerOf(path));
  const help = schema.description ?? '';
  const remove =
    !required && fixed !== true && value !== undefined ? (
      <IconButton
        size="s"
        icon={Trash2}
        label={t('manifests.form.remove', { name })}
        disabled={readOnly}
        onClick={() => onEdit(path, undefined)}
      />
    ) : null;
  if (entry === 'fields') return <FieldGroup {...props} schema={schema} wrong={wrong} remove={remove} />;
  const isMany = entry === 'list' || entry === 'map';
  return (
    <div className={css.field} data-many={isMany} data-pointer={pointerOf(path)}>
      <div className={css.label}>
        <label htmlFor={isMany ? undefined : id}>
          {name}
          {required && <span className={css.required}> {t('manifests.form.required')}</span>}
        </label>
        <span className={css.type}>{typeText(set, schema)}</span>
        <span className={css.grow} />
        {remove}
      </div>
      {entry === 'list' ? (
        <ListField {...props} schema={schema} />
      ) : entry === 'map' ? (
        <MapField {...props} schema={schema} />
      ) : entry === 'yaml' ? (
        <YamlField id={id} value={value} readOnly={readOnly} onChange={(next) => onEdit(path, next)} />
      ) : (
        <Entered
          id={id}
          entry={entry}
          schema={schema}
          value={value}
          described={`${id}-help`}
          wrong={wrong !== undefined}
          readOnly={readOnly}
          onChange={(next) => onEdit(path, next)}
        />
      )}
      {wrong !== undefined && (
        <p className={css.wrong} role="alert">
          {wrong.join(' ')}
        </p>
      )}
      {help !== '' && (
        <p id={`${id}-help`} className={css.help}>
          {legible(help)}
        </p>
      )}
    </div>
  );
}

/** A plain value. What is being typed stays as it is typed, also where it is no value yet. */
function Entered(props: {
  id: string;
  entry: 'choice' | 'switch' | 'number' | 'numberOrText' | 'text';
  schema: Schema;
  value: unknown;
  described: string;
  wrong: boolean;
  readOnly: boolean;
  onChange(value: unknown): void;
}) {
  const { id, entry, schema, value, readOnly, onChange } = props;
  const [typed, setTyped] = useState<string>();
  const described = { 'aria-describedby': props.described, 'aria-invalid': props.wrong };
  if (entry === 'choice' || entry === 'switch') {
    const values = entry === 'switch' ? [true, false] : (schema.enum ?? []);
    const unset =
      schema.default === undefined
        ? t('manifests.form.unset')
        : t('manifests.form.unsetDefault', { value: String(schema.default) });
    const own = value === undefined || values.some((each) => each === value) ? [] : [value];
    return (
      <Select
        id={id}
        {...described}
        disabled={readOnly}
        value={value === undefined ? '' : JSON.stringify(value)}
        options={[
          { value: '', label: unset },
          ...[...own, ...values].map((each) => ({
            value: JSON.stringify(each),
            label: each === '' ? '""' : String(each),
          })),
        ]}
        onChange={(next) => onChange(next === '' ? undefined : JSON.parse(next))}
      />
    );
  }
  const shown = typed ?? (value === undefined || value === null ? '' : String(value));
  const enter = (text: string) => {
    setTyped(text);
    const next = meant(text, entry);
    if (next !== noValue) onChange(next);
  };
  const placeholder = schema.default === undefined ? '' : String(schema.default);
  if (entry === 'text' && (shown.includes('\n') || shown.length > 120)) {
    return (
      <TextArea
        id={id}
        {...described}
        rows={Math.min(14, Math.max(3, shown.split('\n').length))}
        readOnly={readOnly}
        value={shown}
        onChange={(event) => enter(event.target.value)}
        onBlur={() => setTyped(undefined)}
      />
    );
  }
  return (
    <TextInput
      id={id}
      {...described}
      inputMode={entry === 'number' ? 'decimal' : 'text'}
      placeholder={placeholder}
      readOnly={readOnly}
      value={shown}
      onChange={(event) => enter(event.target.value)}
      onBlur={() => setTyped(undefined)}
    />
  );
}

const noValue = Symbol('no value');

/** What somebody means who has typed this. */
function meant(text: string, entry: 'number' | 'numberOrText' | 'text'): unknown {
  if (entry === 'text') return text;
  if (text === '') return undefined;
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return entry === 'numberOrText' ? text : noValue;
}

function ListField({ name, path, schema, value }: FormFieldProps) {
  const { set, readOnly, onEdit } = useScene();
  const all = Array.isArray(value) ? value : [];
  const items = resolved(set, schema.items ?? {});
  const move = (from: number, to: number) => {
    const next = [...all];
    next.splice(to, 0, ...next.splice(from, 1));
    onEdit(path, next);
  };
  return (
    <div className={css.many}>
      {all.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: elements of a list are known by their place alone
        <div key={index} className={css.element}>
          <FormField
            name={titleOf(each) ?? `${name} ${index + 1}`}
            path={[...path, index]}
            schema={items}
            value={each}
            required={false}
            fixed
          />
          <span className={css.moves}>
            <IconButton
              size="s"
              icon={ChevronUp}
              label={t('manifests.form.up')}
              disabled={readOnly || index === 0}
              onClick={() => move(index, index - 1)}
            />
            <IconButton
              size="s"
              icon={ChevronDown}
              label={t('manifests.form.down')}
              disabled={readOnly || index === all.length - 1}
              onClick={() => move(index, index + 1)}
            />
            <IconButton
              size="s"
              icon={Trash2}
              label={t('manifests.form.remove', { name: titleOf(each) ?? `${name} ${index + 1}` })}
              disabled={readOnly}
              onClick={() => onEdit([...path, index], undefined)}
            />
          </span>
        </div>
      ))}
      <Button
        size="s"
        icon={Plus}
        disabled={readOnly}
        onClick={() =>
          value === undefined || value === null
            ? onEdit(path, [blankOf(set, items)])
            : onEdit([...path, all.length], blankOf(set, items))
        }
      >
        {t('manifests.form.addTo', { name })}
      </Button>
    </div>
  );
}

/** What an element of a list is called by people. */
function titleOf(value: unknown): string | undefined {
  const name = (value as { name?: unknown } | null)?.name;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

function MapField({ name, path, schema, value }: FormFieldProps) {
  const { set, readOnly, onEdit } = useScene();
  const [key, setKey] = useState('');
  const inner = typeof schema.additionalProperties === 'object' ? resolved(set, schema.additionalProperties) : {};
  const all = (value ?? {}) as Record<string, unknown>;
  const add = () => {
    if (key === '' || Object.hasOwn(all, key)) return;
    onEdit([...path, key], blankOf(set, inner));
    setKey('');
  };
  return (
    <div className={css.many}>
      {Object.entries(all).map(([each, inside]) => (
        <FormField
          key={each}
          name={each}
          path={[...path, each]}
          schema={{ ...inner, description: '' }}
          value={inside}
          required={false}
        />
      ))}
      <span className={css.add}>
        <TextInput
          aria-label={t('manifests.form.keyOf', { name })}
          placeholder={t('manifests.form.key')}
          readOnly={readOnly}
          value={key}
          onChange={(event) => setKey(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            add();
          }}
        />
        <Button size="s" icon={Plus} disabled={readOnly || key === '' || Object.hasOwn(all, key)} onClick={add}>
          {t('manifests.form.add')}
        </Button>
      </span>
    </div>
  );
}
