import {
  ADDITIONAL_PROPERTY_FLAG,
  type ArrayFieldItemTemplateProps,
  type ArrayFieldTemplateProps,
  type BaseInputTemplateProps,
  canExpand,
  type DescriptionFieldProps,
  enumOptionsIndexForValue,
  enumOptionsValueForIndex,
  type FieldErrorProps,
  type FieldTemplateProps,
  getInputProps,
  type IconButtonProps,
  type MultiSchemaFieldTemplateProps,
  type ObjectFieldTemplateProps,
  type UnsupportedFieldProps,
  type WidgetProps,
} from '@rjsf/utils';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../Button.tsx';
import { Select, Switch, TextArea, TextInput } from '../Field.tsx';
import { legible } from '../legible.ts';
import { t } from '../text.ts';
import css from './schemaForm.module.css';

/** One field: its name, its input, what its schema says of it, and what is wrong with it. */
function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, children, errors, rawDescription, hidden, required, displayLabel, schema, disabled, readonly } =
    props;
  if (hidden) return <div hidden>{children}</div>;
  const additional = ADDITIONAL_PROPERTY_FLAG in schema;
  const isSwitch = schema.type === 'boolean';
  // Objects and lists have their names in their own frames.
  const named = displayLabel || isSwitch;
  return (
    <div className={additional ? css.additional : css.field} data-row={isSwitch}>
      {additional ? (
        <TextInput
          className={css.key}
          aria-label={t('ui.form.key')}
          defaultValue={label}
          readOnly={readonly || disabled}
          onBlur={props.onKeyRenameBlur}
        />
      ) : (
        named && (
          <label className={css.label} htmlFor={id}>
            {legible(label)}
            {required && (
              <span className={css.required} title={t('ui.form.required')}>
                {' '}
                *
              </span>
            )}
          </label>
        )
      )}
      <div className={css.input}>{children}</div>
      {additional && (
        <IconButton size="s" icon={Trash2} label={t('ui.remove', { name: label })} onClick={props.onRemoveProperty} />
      )}
      {named && rawDescription !== undefined && rawDescription !== '' && (
        <p id={`${id}__description`} className={css.hint}>
          {legible(rawDescription)}
        </p>
      )}
      {errors}
    </div>
  );
}

function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { title, description, properties, schema, uiSchema, formData, fieldPathId, onAddProperty } = props;
  const body = (
    <div className={css.fields}>
      {typeof description === 'string' && description !== '' && <p className={css.hint}>{legible(description)}</p>}
      {properties.map(({ content }) => content)}
      {canExpand(schema, uiSchema, formData) && (
        <div>
          <Button size="s" icon={Plus} onClick={onAddProperty}>
            {t('ui.form.add')}
          </Button>
        </div>
      )}
    </div>
  );
  if (fieldPathId.path.length === 0) return body;
  return (
    <details className={css.group} open={fieldPathId.path.length === 1}>
      <summary>{legible(title)}</summary>
      {body}
    </details>
  );
}

function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { title, schema, items, canAdd, onAddClick } = props;
  return (
    <fieldset className={css.list}>
      <legend className={css.label}>{legible(title)}</legend>
      {schema.description !== undefined && <p className={css.hint}>{legible(schema.description)}</p>}
      {items}
      {canAdd && (
        <div>
          <Button size="s" icon={Plus} onClick={onAddClick}>
            {t('ui.form.addTo', { name: title })}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function ArrayFieldItemTemplate({ children, buttonsProps, hasToolbar, index }: ArrayFieldItemTemplateProps) {
  const place = { number: index + 1 };
  return (
    <div className={css.item}>
      <div className={css.input}>{children}</div>
      {hasToolbar && (
        <div className={css.tools}>
          {buttonsProps.hasMoveUp && (
            <IconButton size="s" icon={ArrowUp} label={t('ui.form.up', place)} onClick={buttonsProps.onMoveUpItem} />
          )}
          {buttonsProps.hasMoveDown && (
            <IconButton
              size="s"
              icon={ArrowDown}
              label={t('ui.form.down', place)}
              onClick={buttonsProps.onMoveDownItem}
            />
          )}
          {buttonsProps.hasRemove && (
            <IconButton
              size="s"
              icon={Trash2}
              label={t('ui.form.removeItem', place)}
              onClick={buttonsProps.onRemoveItem}
            />
          )}
        </div>
      )}
    </div>
  );
}

function BaseInputTemplate(props: BaseInputTemplateProps) {
  const {
    id,
    schema,
    type,
    options,
    value,
    onChange,
    onChangeOverride,
    readonly,
    disabled,
    rawErrors = [],
    label,
  } = props;
  return (
    <TextInput
      {...getInputProps(schema, type, options)}
      id={id}
      value={value ?? ''}
      readOnly={readonly}
      disabled={disabled}
      aria-label={ADDITIONAL_PROPERTY_FLAG in schema ? t('ui.form.valueOf', { name: label }) : undefined}
      aria-invalid={rawErrors.length > 0}
      aria-describedby={`${id}__description ${id}__error`}
      onChange={
        onChangeOverride ?? ((event) => onChange(event.target.value === '' ? options.emptyValue : event.target.value))
      }
    />
  );
}

function CheckboxWidget({ id, value, onChange, readonly, disabled, label }: WidgetProps) {
  return (
    <Switch
      id={id}
      label={label}
      checked={value === true}
      disabled={readonly === true || disabled === true}
      onChange={(on) => onChange(on)}
    />
  );
}

function SelectWidget({
  id,
  value,
  onChange,
  options,
  readonly,
  disabled,
  label,
  hideLabel,
  rawErrors = [],
}: WidgetProps) {
  const all = options.enumOptions ?? [];
  const chosen = enumOptionsIndexForValue(value, all);
  return (
    <Select
      id={id}
      value={chosen === undefined ? '' : String(chosen)}
      disabled={readonly || disabled}
      aria-label={hideLabel ? label : undefined}
      aria-invalid={rawErrors.length > 0}
      options={[
        ...(chosen === undefined ? [{ value: '', label: '' }] : []),
        ...all.map((each, at) => ({ value: String(at), label: legible(String(each.label)) })),
      ]}
      onChange={(at) => onChange(enumOptionsValueForIndex(at, all, options.emptyValue))}
    />
  );
}

function TextareaWidget({ id, value, onChange, options, readonly, disabled }: WidgetProps) {
  return (
    <TextArea
      id={id}
      rows={4}
      value={value ?? ''}
      readOnly={readonly}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value === '' ? options.emptyValue : event.target.value)}
    />
  );
}

function DescriptionFieldTemplate({ id, description }: DescriptionFieldProps) {
  return (
    <p id={id} className={css.hint}>
      {typeof description === 'string' ? legible(description) : description}
    </p>
  );
}

function FieldErrorTemplate({ errors = [], fieldPathId }: FieldErrorProps) {
  if (errors.length === 0) return null;
  return (
    <p id={`${fieldPathId.$id}__error`} className={css.error}>
      {errors.map((error) => (typeof error === 'string' ? legible(error) : error)).join(' ')}
    </p>
  );
}

function MultiSchemaFieldTemplate({ selector, optionSchemaField }: MultiSchemaFieldTemplateProps) {
  return (
    <div className={css.choice}>
      {selector}
      {optionSchemaField}
    </div>
  );
}

function UnsupportedField({ reason }: UnsupportedFieldProps) {
  return (
    <p className={css.hint}>
      {t('ui.form.notHere')} {reason}
    </p>
  );
}

function AddButton({ onClick, disabled }: IconButtonProps) {
  return (
    <Button size="s" icon={Plus} disabled={disabled} onClick={onClick}>
      {t('ui.form.add')}
    </Button>
  );
}

const none = () => null;

/** Everything that the form is drawn with. */
export const theme = {
  templates: {
    FieldTemplate,
    ObjectFieldTemplate,
    ArrayFieldTemplate,
    ArrayFieldItemTemplate,
    BaseInputTemplate,
    DescriptionFieldTemplate,
    FieldErrorTemplate,
    MultiSchemaFieldTemplate,
    UnsupportedFieldTemplate: UnsupportedField,
    ErrorListTemplate: none,
    ButtonTemplates: { SubmitButton: none, AddButton },
  },
  widgets: { CheckboxWidget, SelectWidget, TextareaWidget },
};
