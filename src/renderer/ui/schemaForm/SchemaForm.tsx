// Not from the package's front: it also brings a registry for tests, which needs a validator that makes code of schemas.
import withTheme from '@rjsf/core/lib/withTheme.js';
import type { RJSFSchema } from '@rjsf/utils';
import { useMemo } from 'react';
import css from './schemaForm.module.css';
import { theme } from './templates.tsx';
import { validator } from './validator.ts';

const Form = withTheme(theme as Parameters<typeof withTheme>[0]);

/** Nothing is written that nobody entered: defaults stay where the schema has them. */
const noDefaults = {
  emptyObjectFields: 'skipDefaults',
  arrayMinItems: { populate: 'never' },
  allOf: 'skipDefaults',
} as const;

/** Fields made out of a JSON schema, for values that are an object. What the schema does not name is kept as it is. */
export function SchemaForm(props: {
  label: string;
  schema: object;
  values: unknown;
  readOnly?: boolean;
  onChange(values: unknown): void;
}) {
  const { label, values, readOnly = false, onChange } = props;
  // An object without a type is one, too; some charts leave it out at the top.
  const schema = useMemo(() => ({ type: 'object', ...props.schema }) as RJSFSchema, [props.schema]);
  return (
    <section className={css.form} aria-label={label}>
      <Form
        tagName="div"
        schema={schema}
        validator={validator}
        formData={values}
        readonly={readOnly}
        liveValidate
        noHtml5Validate
        showErrorList={false}
        uiSchema={{ 'ui:submitButtonOptions': { norender: true }, 'ui:title': '' }}
        experimental_defaultFormStateBehavior={noDefaults}
        onChange={({ formData }) => onChange(formData)}
      />
    </section>
  );
}
