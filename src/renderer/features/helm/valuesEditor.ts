import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/wordOperations/register';
import type { Disposable } from '../../../core/kernel/disposable.ts';
import { editor, followTheme, look } from '../../ui/monaco.ts';

export interface ValuesEditor extends Disposable {
  setText(text: string): void;
}

/** YAML to be written. */
export function createValuesEditor(
  frame: HTMLElement,
  options: { label: string; text: string; onChange(text: string): void },
): ValuesEditor {
  const theme = followTheme();
  const model = editor.createModel(options.text, 'yaml');
  model.updateOptions({ tabSize: 2, insertSpaces: true });
  const instance = editor.create(frame, {
    ...look,
    model,
    ariaLabel: options.label,
    // A real text field: the frame's keys stand back for what is typed in one.
    editContext: false,
    // Tab leads on to the next field of the dialog; Ctrl+M makes it indent.
    tabFocusMode: true,
    folding: true,
    renderLineHighlight: 'line',
    quickSuggestions: false,
    wordBasedSuggestions: 'off',
    contextmenu: false,
    overviewRulerLanes: 0,
  });
  const changes = model.onDidChangeContent(() => options.onChange(model.getValue()));
  return {
    setText(text) {
      if (model.getValue() !== text)
        model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
    },
    dispose() {
      theme.dispose();
      changes.dispose();
      instance.dispose();
      model.dispose();
    },
  };
}

/** Values as they are beside those that would be; only read. */
export function createValuesDiff(
  frame: HTMLElement,
  { label, before, after }: { label: string; before: string; after: string },
): Disposable {
  const theme = followTheme();
  const instance = editor.createDiffEditor(frame, {
    ...look,
    readOnly: true,
    domReadOnly: true,
    originalAriaLabel: label,
    modifiedAriaLabel: label,
    useInlineViewWhenSpaceIsLimited: true,
    renderSideBySideInlineBreakpoint: 600,
    hideUnchangedRegions: { enabled: true, contextLineCount: 3 },
    renderOverviewRuler: false,
    renderLineHighlight: 'none',
    contextmenu: false,
  });
  const original = editor.createModel(before, 'yaml');
  const modified = editor.createModel(after, 'yaml');
  instance.setModel({ original, modified });
  return {
    dispose() {
      theme.dispose();
      instance.dispose();
      original.dispose();
      modified.dispose();
    },
  };
}
