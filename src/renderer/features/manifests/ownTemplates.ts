import { create } from 'zustand';
import { readStored, writeStored } from '../../state/stored.ts';

/** A text that a person has kept to begin with. */
export interface OwnTemplate {
  title: string;
  text: string;
}

const most = 100;

interface Own {
  templates: readonly OwnTemplate[];
  /** One of the same title is replaced. */
  keep(template: OwnTemplate): void;
  remove(title: string): void;
}

/** Kept on this computer. */
export const useOwnTemplates = create<Own>((set, get) => {
  const write = (templates: readonly OwnTemplate[]) => {
    writeStored('templates', templates);
    set({ templates });
  };
  const others = (title: string) => get().templates.filter((each) => each.title !== title);
  return {
    templates: readStored('templates', isTemplates) ?? [],
    keep: (template) => write([...others(template.title), template].slice(-most)),
    remove: (title) => write(others(title)),
  };
});

function isTemplates(value: unknown): value is OwnTemplate[] {
  return (
    Array.isArray(value) && value.every((each) => typeof each?.title === 'string' && typeof each.text === 'string')
  );
}
