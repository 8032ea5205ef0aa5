import { editor } from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/languages/definitions/yaml/register';
import type { Disposable } from '../../core/kernel/disposable.ts';

/**
 * What every Monaco editor of the product shares; each imports the features of the editor that it needs. The worker is
 * bundled; nothing is evaluated from text, so that a strict content security policy needs no exception for scripts.
 */
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

export { editor };

/** Options that make an editor look like the rest. */
export const look = {
  automaticLayout: true,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontLigatures: false,
  fontSize: 12,
  lineHeight: 18,
  lineNumbersMinChars: 4,
  padding: { top: 8, bottom: 8 },
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
} satisfies editor.IEditorOptions & { automaticLayout: boolean };

/** Gives editors the product's theme, until disposed: whenever it changes, too. */
export function followTheme(): Disposable {
  editor.setTheme(defineTheme());
  const themes = new MutationObserver(() => editor.setTheme(defineTheme()));
  themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return { dispose: () => themes.disconnect() };
}

/** Takes its colours from the design tokens, so that the theme is one thing and not two. */
function defineTheme(): string {
  const style = getComputedStyle(document.documentElement);
  // The editor takes six digits only, and a minified style sheet has three where they do.
  const color = (name: string) =>
    style
      .getPropertyValue(`--${name}`)
      .trim()
      .replace(/^#([\da-f])([\da-f])([\da-f])$/iu, '#$1$1$2$2$3$3');
  const bare = (name: string) => color(name).replace('#', '');
  const dark = document.documentElement.dataset.theme === 'dark';
  const name = dark ? 'kubesage-dark' : 'kubesage-light';
  editor.defineTheme(name, {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: bare('text') },
      { token: 'type.yaml', foreground: bare('accent-text') },
      { token: 'string.yaml', foreground: bare('text') },
      { token: 'number.yaml', foreground: bare('progressing') },
      { token: 'keyword.yaml', foreground: bare('progressing') },
      { token: 'comment.yaml', foreground: bare('text-3') },
    ],
    colors: {
      'editor.background': color('surface'),
      'editor.foreground': color('text'),
      'editorLineNumber.foreground': color('text-3'),
      'editorLineNumber.activeForeground': color('text-2'),
      'editorIndentGuide.background1': color('line'),
      'editorIndentGuide.activeBackground1': color('line-strong'),
      'editor.selectionBackground': color('selected'),
      'editorWidget.background': color('raised'),
      'editorWidget.border': color('line-strong'),
      'input.background': color('surface'),
      'input.border': color('line-strong'),
      focusBorder: color('focus'),
      'diffEditor.insertedLineBackground': `${color('healthy')}1f`,
      'diffEditor.insertedTextBackground': `${color('healthy')}3d`,
      'diffEditor.removedLineBackground': `${color('failed')}1f`,
      'diffEditor.removedTextBackground': `${color('failed')}3d`,
    },
  });
  return name;
}
