import { editor } from 'monaco-editor/editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/languages/definitions/yaml/register';
import type { Disposable } from '../../../../core/kernel/disposable.ts';

/**
 * The editor with what reading YAML needs: folding, search, highlighting. Its worker is bundled; nothing is evaluated
 * from text, so that a strict content security policy needs no exception for scripts.
 */
self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

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
    },
  });
  return name;
}

export interface YamlEditor extends Disposable {
  setText(text: string): void;
  focus(): void;
  find(): void;
  foldAll(): void;
  unfoldAll(): void;
}

/** A read-only editor inside `element`, which must have a size. */
export function createYamlEditor(element: HTMLElement, label: string): YamlEditor {
  const instance = editor.create(element, {
    value: '',
    language: 'yaml',
    theme: defineTheme(),
    readOnly: true,
    domReadOnly: true,
    ariaLabel: label,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
    fontLigatures: false,
    fontSize: 12,
    lineHeight: 18,
    lineNumbersMinChars: 4,
    folding: true,
    showFoldingControls: 'always',
    renderLineHighlight: 'none',
    overviewRulerLanes: 0,
    occurrencesHighlight: 'singleFile',
    wordWrap: 'off',
    padding: { top: 8, bottom: 8 },
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
    contextmenu: false,
    // Tab leaves the editor: it is only read.
    tabFocusMode: true,
  });
  const root = document.documentElement;
  const themes = new MutationObserver(() => editor.setTheme(defineTheme()));
  themes.observe(root, { attributes: true, attributeFilter: ['data-theme'] });
  const run = (action: string) => void instance.getAction(action)?.run();
  return {
    setText(text) {
      if (instance.getValue() === text) return;
      // The reader stays at the line that was read while the object changes underneath.
      const state = instance.saveViewState();
      instance.setValue(text);
      if (state !== null) instance.restoreViewState(state);
    },
    focus: () => instance.focus(),
    find: () => run('actions.find'),
    foldAll: () => run('editor.foldLevel2'),
    unfoldAll: () => run('editor.unfoldAll'),
    dispose() {
      themes.disconnect();
      instance.getModel()?.dispose();
      instance.dispose();
    },
  };
}
