import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/wordHighlighter/register';
import type { Disposable } from '../../../../core/kernel/disposable.ts';
import { editor, followTheme, look } from '../../../ui/monaco.ts';

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
    ...look,
    readOnly: true,
    domReadOnly: true,
    ariaLabel: label,
    folding: true,
    showFoldingControls: 'always',
    renderLineHighlight: 'none',
    overviewRulerLanes: 0,
    occurrencesHighlight: 'singleFile',
    wordWrap: 'off',
    contextmenu: false,
    // Tab leaves the editor: it is only read.
    tabFocusMode: true,
  });
  const theme = followTheme();
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
      theme.dispose();
      instance.getModel()?.dispose();
      instance.dispose();
    },
  };
}
