import { z } from 'zod';
import { type ErrorCode, errorCodes, type ErrorValue as Value } from './errors.ts';

export type ErrorValue = Value;

/** Checks an error that crosses a boundary. Apart from the class, so that threads that check nothing need no zod. */
export const ErrorValue: z.ZodType<Value> = z.object({
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string().optional(),
  get cause() {
    return ErrorValue.optional();
  },
});
