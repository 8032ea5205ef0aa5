/** What a filter says, before it is known what its words mean for a kind. Positions are UTF-16 offsets in the text. */
export type FilterNode =
  | { type: 'all' | 'any'; parts: readonly FilterNode[] }
  | { type: 'not'; part: FilterNode }
  | Term;

/** `word`, `"two words"`, `/expression/` */
export interface TextTerm {
  type: 'text';
  text: string;
  pattern: boolean;
  start: number;
  end: number;
}

export const operators = ['!=', '!~', '>=', '<=', '==', '=', '>', '<', '~', ':'] as const;
export type Operator = (typeof operators)[number];

/** `field:value,value`, `restarts>5`, `name~^api-` */
export interface FieldTerm {
  type: 'field';
  field: string;
  operator: Operator;
  values: readonly FieldValue[];
  start: number;
  /** Where the field's name ends. */
  fieldEnd: number;
  /** Where the values begin. */
  valueStart: number;
  end: number;
}

export interface FieldValue {
  text: string;
  quoted: boolean;
  start: number;
  end: number;
}

export type Term = TextTerm | FieldTerm;

/** Something that was not understood; the filter works without that part. */
export interface FilterProblem {
  message: string;
  start: number;
  end: number;
}

export interface ParsedFilter {
  node: FilterNode;
  /** Every term, in the order of the text. */
  terms: readonly Term[];
  problems: readonly FilterProblem[];
}
