import { useEffect, useRef } from 'react';
import css from './detail.module.css';
import { createYamlEditor, type YamlEditor } from './yamlEditor.ts';

export interface YamlViewProps {
  text: string;
  label: string;
  /** Gives the editor to the toolbar while it exists. */
  onEditor(editor: YamlEditor | null): void;
}

/** Loaded on its own: the editor is by far the largest part of the product's script. */
export function YamlView({ text, label, onEditor }: YamlViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const instance = useRef<YamlEditor | null>(null);
  useEffect(() => {
    if (frame.current === null) return;
    const made = createYamlEditor(frame.current, label);
    instance.current = made;
    onEditor(made);
    return () => {
      onEditor(null);
      instance.current = null;
      made.dispose();
    };
  }, [label, onEditor]);
  useEffect(() => instance.current?.setText(text), [text]);
  return <div ref={frame} className={css.editor} />;
}
