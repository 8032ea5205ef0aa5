import { languages, MarkerSeverity } from 'monaco-editor/editor';
import 'monaco-editor/editor/contrib/suggest/browser/suggestController';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codeEditor/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import type { TextProblem } from '../../../core/cluster/manifests/contract.ts';
import type { Disposable } from '../../../core/kernel/disposable.ts';
import { editor, followTheme, look } from '../../ui/monaco.ts';
import { element, type SchemaSet, schemaAt, typeText } from '../../ui/schema/schema.ts';
import { checkText } from './assist/check.ts';
import { completionsAt, type KnownKind } from './assist/complete.ts';
import { cursorAt } from './assist/cursor.ts';

/** What an editor knows of the cluster that its text is for. */
export interface Knowledge {
  kinds(): readonly KnownKind[];
  /** undefined while it is not known: it is asked for, and `onSchema` of the editor is called later. */
  schemaOf(kind: KnownKind): SchemaSet | undefined;
}

export interface TextEditor extends Disposable {
  text(): string;
  setText(text: string): void;
  focus(): void;
  goTo(line: number, column: number): void;
  setWrap(wrap: boolean): void;
  setReadOnly(readOnly: boolean): void;
  /** What the server found, until the text is changed. */
  setProblems(problems: readonly TextProblem[]): void;
  /** Looks at the text again: more is known now. */
  check(): void;
}

/** The text is looked at so long after the last letter. ms. */
const settleMs = 250;
const knowledgeOf = new WeakMap<editor.ITextModel, Knowledge>();
let registered = false;

export function createTextEditor(
  frame: HTMLElement,
  options: {
    label: string;
    knowledge: Knowledge;
    onChange(text: string): void;
    onProblems(problems: readonly TextProblem[]): void;
  },
): TextEditor {
  if (!registered) {
    registered = true;
    languages.registerCompletionItemProvider('yaml', {
      triggerCharacters: [' '],
      provideCompletionItems: complete,
    });
    languages.registerHoverProvider('yaml', { provideHover: explain });
  }
  const theme = followTheme();
  const model = editor.createModel('', 'yaml');
  model.updateOptions({ tabSize: 2, insertSpaces: true });
  knowledgeOf.set(model, options.knowledge);
  const instance = editor.create(frame, {
    ...look,
    model,
    ariaLabel: options.label,
    // A real text field: the frame's keys stand back for what is typed in one.
    editContext: false,
    folding: true,
    overviewRulerLanes: 2,
    renderLineHighlight: 'line',
    quickSuggestions: { other: true, strings: true, comments: false },
    wordBasedSuggestions: 'off',
    suggest: { showWords: false },
    fixedOverflowWidgets: true,
    contextmenu: false,
    autoIndent: 'full',
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  let theirs: readonly TextProblem[] = [];
  const check = () => {
    const { findings } = checkText(model.getValue(), options.knowledge.schemaOf);
    const own = findings.map(({ from, to, message }) => {
      const [start, end] = [model.getPositionAt(from), model.getPositionAt(to)];
      return { message, line: start.lineNumber, column: start.column, endLine: end.lineNumber, endColumn: end.column };
    });
    const all = [...own];
    for (const each of theirs) {
      // The engine reads the text, too, and has the same words for what is no YAML.
      if (all.some(({ line, message }) => line === each.line && message === each.message)) continue;
      all.push({ ...each, endLine: each.line, endColumn: each.column + 1 });
    }
    editor.setModelMarkers(
      model,
      'manifests',
      all.map(({ message, line, column, endLine, endColumn }) => ({
        message,
        severity: MarkerSeverity.Error,
        startLineNumber: line,
        startColumn: column,
        endLineNumber: endLine,
        endColumn,
      })),
    );
    options.onProblems(all.map(({ message, line, column }) => ({ message, line, column })));
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(check, settleMs);
  };
  const changes = model.onDidChangeContent(() => {
    theirs = [];
    options.onChange(model.getValue());
    later();
  });
  return {
    text: () => model.getValue(),
    setText(text) {
      if (model.getValue() === text) return;
      const state = instance.saveViewState();
      // As an edit, so that it can be taken back by Ctrl+Z.
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
      if (state !== null) instance.restoreViewState(state);
    },
    focus: () => instance.focus(),
    goTo(line, column) {
      instance.setPosition({ lineNumber: line, column });
      instance.revealLineInCenter(line);
      instance.focus();
    },
    setWrap: (wrap) => instance.updateOptions({ wordWrap: wrap ? 'on' : 'off' }),
    setReadOnly: (readOnly) => instance.updateOptions({ readOnly }),
    setProblems(problems) {
      theirs = problems;
      check();
    },
    check: later,
    dispose() {
      clearTimeout(timer);
      theme.dispose();
      changes.dispose();
      instance.dispose();
      model.dispose();
    },
  };
}

export interface DiffView extends Disposable {
  show(before: string, after: string): void;
  setWrap(wrap: boolean): void;
}

/** What is there beside what would be there; only read. */
export function createDiffView(frame: HTMLElement, label: string): DiffView {
  const theme = followTheme();
  const instance = editor.createDiffEditor(frame, {
    ...look,
    readOnly: true,
    domReadOnly: true,
    originalAriaLabel: label,
    modifiedAriaLabel: label,
    renderSideBySide: true,
    useInlineViewWhenSpaceIsLimited: true,
    renderSideBySideInlineBreakpoint: 700,
    hideUnchangedRegions: { enabled: true, contextLineCount: 4 },
    renderOverviewRuler: false,
    renderLineHighlight: 'none',
    contextmenu: false,
  });
  const original = editor.createModel('', 'yaml');
  const modified = editor.createModel('', 'yaml');
  instance.setModel({ original, modified });
  return {
    show(before, after) {
      original.setValue(before);
      modified.setValue(after);
    },
    setWrap: (wrap) => instance.updateOptions({ wordWrap: wrap ? 'on' : 'off' }),
    dispose() {
      theme.dispose();
      instance.dispose();
      original.dispose();
      modified.dispose();
    },
  };
}

function complete(
  model: editor.ITextModel,
  { lineNumber, column }: { lineNumber: number; column: number },
  { triggerCharacter }: languages.CompletionContext,
): languages.CompletionList {
  const knowledge = knowledgeOf.get(model);
  const cursor = knowledge && cursorAt(model.getLinesContent(), lineNumber - 1, column - 1);
  if (knowledge === undefined || cursor === undefined) return { suggestions: [] };
  // Indenting is no question yet: the key's first letter is.
  if (triggerCharacter === ' ' && cursor.at === 'key') return { suggestions: [] };
  const found = completionsAt(cursor, knowledge.schemaOf(cursor), knowledge.kinds());
  const range = {
    startLineNumber: lineNumber,
    endLineNumber: lineNumber,
    startColumn: cursor.start + 1,
    endColumn: column,
  };
  return {
    suggestions: found.map(({ label, insert, detail, documentation, kind, required }) => ({
      label,
      kind: languages.CompletionItemKind[kind === 'field' ? 'Field' : 'Value'],
      // The text is indented already: the editor must not indent it once more.
      insertTextRules: languages.CompletionItemInsertTextRule.KeepWhitespace,
      insertText: insert,
      detail,
      documentation,
      range,
      sortText: `${required ? 0 : 1}${label}`,
    })),
  };
}

function explain(model: editor.ITextModel, position: { lineNumber: number; column: number }): languages.Hover | null {
  const knowledge = knowledgeOf.get(model);
  if (knowledge === undefined) return null;
  const offset = model.getOffsetAt(position);
  const { keys } = checkText(model.getValue(), () => undefined);
  const key = keys.find(({ from, to }) => from <= offset && offset <= to);
  const set = key && knowledge.schemaOf(key.head);
  const schema = key && set && schemaAt(set, key.path);
  if (key === undefined || set === undefined || schema === undefined) return null;
  const [start, end] = [model.getPositionAt(key.from), model.getPositionAt(key.to)];
  const path = key.path.map((step) => (step === element ? '[]' : step)).join('.');
  return {
    range: {
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: end.lineNumber,
      endColumn: end.column,
    },
    // As text and not as Markdown: descriptions are the cluster's.
    contents: [{ value: escaped(`${path}: ${typeText(set, schema)}`) }, { value: escaped(schema.description ?? '') }],
  };
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~&]/g, '\\$&');
}
