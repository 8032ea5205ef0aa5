import { useEffect, useRef } from 'react';
import type { TextProblem } from '../../../core/cluster/manifests/contract.ts';
import css from './manifests.module.css';
import { createDiffView, createTextEditor, type DiffView, type Knowledge, type TextEditor } from './textEditor.ts';

export function TextFrame(props: {
  label: string;
  wrap: boolean;
  readOnly: boolean;
  hidden: boolean;
  knowledge: Knowledge;
  onEditor(editor: TextEditor | null): void;
  onChange(text: string): void;
  onProblems(problems: readonly TextProblem[]): void;
}) {
  const { label, knowledge, wrap, readOnly } = props;
  const frame = useRef<HTMLDivElement>(null);
  const instance = useRef<TextEditor>(null);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (frame.current === null) return;
    const made = createTextEditor(frame.current, {
      label,
      knowledge,
      onChange: (text) => latest.current.onChange(text),
      onProblems: (problems) => latest.current.onProblems(problems),
    });
    instance.current = made;
    latest.current.onEditor(made);
    return () => {
      latest.current.onEditor(null);
      instance.current = null;
      made.dispose();
    };
  }, [label, knowledge]);
  useEffect(() => instance.current?.setWrap(wrap), [wrap]);
  useEffect(() => instance.current?.setReadOnly(readOnly), [readOnly]);
  return <div ref={frame} className={css.frame} hidden={props.hidden} />;
}

export function DiffFrame({
  label,
  before,
  after,
  wrap,
}: {
  label: string;
  before: string;
  after: string;
  wrap: boolean;
}) {
  const frame = useRef<HTMLDivElement>(null);
  const instance = useRef<DiffView>(null);
  useEffect(() => {
    if (frame.current === null) return;
    const made = createDiffView(frame.current, label);
    instance.current = made;
    return () => {
      instance.current = null;
      made.dispose();
    };
  }, [label]);
  useEffect(() => instance.current?.show(before, after), [before, after]);
  useEffect(() => instance.current?.setWrap(wrap), [wrap]);
  return <div ref={frame} className={css.frame} />;
}
