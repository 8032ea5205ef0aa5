import i18next from 'i18next';
import { useSyncExternalStore } from 'react';
import english from '../../../resources/locales/en.json';
import { legible } from './legible.ts';

/** Languages that are bundled; another one is a file in resources/locales and a line here. */
const resources = { en: { translation: english } };

// Resources are in the bundle, so initialisation completes at once and `t` works from the first render.
void i18next.init({
  resources,
  lng: 'en',
  fallbackLng: 'en',
  interpolation: { escapeValue: false },
  returnNull: false,
});

export const languages = Object.keys(resources);

/** A text by its key, `fleet.card.open`, with values for its `{{names}}`. */
export function t(key: string, values: Record<string, string | number> = noValues): string {
  // Plurals have their own keys; everything else is a template, which the rows of a list ask for many times a second.
  if ('count' in values) return i18next.t(key, values);
  let template = templates.get(key);
  if (template === undefined) {
    template = i18next.t(key, { skipInterpolation: true });
    templates.set(key, template);
  }
  if (values === noValues) return template;
  return template.replace(/\{\{(\w+)\}\}/gu, (_, name: string) => legible(String(values[name] ?? '')));
}

const noValues: Record<string, string | number> = {};
/** Texts with their places for values, in the language in use. */
const templates = new Map<string, string>();
i18next.on('languageChanged', () => templates.clear());

/** Whether there is a text for a key that is put together at run time. */
export function hasText(key: string): boolean {
  return i18next.exists(key);
}

export function setLanguage(language: string): void {
  if (i18next.language !== language) void i18next.changeLanguage(language);
}

/** The language in use; the frame is keyed by it, so that everything is written again when it changes. */
export function useLanguage(): string {
  return useSyncExternalStore(
    (changed) => {
      i18next.on('languageChanged', changed);
      return () => i18next.off('languageChanged', changed);
    },
    () => i18next.language,
  );
}
