import { type ComponentType, createContext, useContext } from 'react';
import type { Path } from '../../../ui/schema/document.ts';
import type { Schema, SchemaSet } from '../../../ui/schema/schema.ts';
import type { Wrongs } from '../../../ui/schema/validate.ts';

/** What every field of a form knows. */
export interface FormScene {
  set: SchemaSet;
  wrongs: Wrongs;
  readOnly: boolean;
  /** Undefined takes it out. */
  onEdit(path: Path, value: unknown): void;
  /** Draws a field: those that have fields in them draw more of it. */
  Field: ComponentType<FormFieldProps>;
}

export const SceneContext = createContext<FormScene | undefined>(undefined);

export function useScene(): FormScene {
  const scene = useContext(SceneContext);
  if (scene === undefined) throw new Error('A field stands outside of a form');
  return scene;
}

export interface FormFieldProps {
  name: string;
  path: Path;
  schema: Schema;
  value: unknown;
  required: boolean;
  /** It cannot be taken out by itself: an element's own list does that. */
  fixed?: boolean;
}
