import { type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema';
import {
  type ErrorSchema,
  type RJSFSchema,
  type RJSFValidationError,
  toErrorSchema,
  type ValidationData,
  type ValidatorType,
} from '@rjsf/utils';

/**
 * Judges values by a schema without making code of it, which the content security policy would not run. A schema that
 * cannot be read judges nothing: it is a help and no gate, since helm and the API server judge themselves.
 */
export const validator: ValidatorType = {
  validateFormData(formData, schema): ValidationData<unknown> {
    const errors = findings(schema, formData);
    return { errors, errorSchema: toErrorSchema(errors) as ErrorSchema<unknown> };
  },
  isValid(schema, formData, root) {
    try {
      return validatorFor({ ...definitionsOf(root), ...schema }).validate(formData).valid;
    } catch {
      return false;
    }
  },
  rawValidation(schema, formData) {
    return { errors: findings(schema, formData) as never[] };
  },
};

/** What these keywords find is told by the keywords inside of them, at the place where it is. */
const outer = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'prefixItems',
  'additionalItems',
  '$ref',
  'allOf',
  'if',
  'then',
  'else',
  'dependentSchemas',
]);

function findings(schema: RJSFSchema, value: unknown): RJSFValidationError[] {
  let units: { keyword: string; instanceLocation: string; error: string }[];
  try {
    units = validatorFor(schema).validate(value).errors;
  } catch {
    return [];
  }
  const inside = (place: string) => units.some((unit) => unit.instanceLocation.startsWith(`${place}/`));
  return units
    .filter(
      ({ keyword, instanceLocation }) =>
        !outer.has(keyword) || (keyword === 'additionalProperties' && !inside(instanceLocation)),
    )
    .map(({ keyword, instanceLocation, error }) => ({
      name: keyword,
      message: error,
      stack: error,
      property: instanceLocation
        .slice(1)
        .split('/')
        .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
        .join('.'),
    }));
}

function validatorFor(schema: RJSFSchema): Validator {
  return new Validator(schema as Schema, draftOf(schema), false);
}

function draftOf({ $schema = '' }: RJSFSchema): SchemaDraft {
  if ($schema.includes('2020-12')) return '2020-12';
  if ($schema.includes('2019-09')) return '2019-09';
  return $schema.includes('draft-04') ? '4' : '7';
}

function definitionsOf({ definitions, $defs }: RJSFSchema): RJSFSchema {
  return { ...(definitions && { definitions }), ...($defs && { $defs }) };
}
