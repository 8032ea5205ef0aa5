import { useEffect, useRef, useState } from 'react';
import type { TextEditor } from './textEditor.ts';
import { type Draft, useDraft } from './useDraft.ts';
import type { useOpened } from './useOpened.ts';

/**
 * The text of a tab: as it was opened, what came since while nothing is edited, and what was kept from before. `start` is what
 * a new object begins with; undefined while that is not known.
 */
export function useEdited(options: {
  subject: string;
  editor: TextEditor | null;
  file: ReturnType<typeof useOpened>;
  isNew: boolean;
  start: string | undefined;
}) {
  const { subject, editor, file, isNew, start } = options;
  const [text, setText] = useState('');
  const [applied, setApplied] = useState<string>();
  const [restored, setRestored] = useState<Draft>();
  const base = file.opened?.text;
  const dirty = isNew ? text.trim() !== '' && text !== applied && text !== start : base !== undefined && text !== base;
  const draft = useDraft(subject, { text, base, dirty });
  const { newer, adopt, opened, look } = file;
  const taken = useRef<string>(undefined);
  const begun = useRef(false);

  useEffect(() => {
    if (editor === null || !isNew || begun.current || (draft === undefined && start === undefined)) return;
    begun.current = true;
    editor.setText(draft?.text ?? start ?? '');
    setRestored(draft);
  }, [editor, isNew, draft, start]);

  useEffect(() => {
    if (editor === null || base === undefined || opened === undefined || taken.current === base) return;
    if (taken.current === undefined && draft !== undefined && draft.text !== base) {
      setRestored(draft);
      // What the text was made from: what is there now is held against it, as for every change that came meanwhile.
      taken.current = draft.base ?? base;
      if (taken.current !== base) {
        adopt({ ...opened, text: taken.current });
        void look();
      }
      editor.setText(draft.text);
      return;
    }
    const untouched = taken.current === undefined || editor.text() === taken.current;
    taken.current = base;
    if (untouched) editor.setText(base);
  }, [editor, base, opened, draft, adopt, look]);

  return {
    text,
    setText,
    base,
    dirty,
    restored: dirty ? restored : undefined,
    /** Another text stands for what was opened: the one in the editor is made from it. */
    take(next: string) {
      taken.current = next;
    },
    /** What was opened comes back; what was kept is forgotten. */
    revert() {
      setRestored(undefined);
      if (newer !== undefined) {
        taken.current = newer.text;
        adopt(newer);
        editor?.setText(newer.text);
      } else editor?.setText(base ?? start ?? '');
    },
    appliedAs(text: string) {
      setRestored(undefined);
      if (isNew) {
        setApplied(text);
        return;
      }
      void look().then((now) => {
        if (now === undefined) return;
        // The server has filled in what was left out: that is what is edited from now on.
        taken.current = editor?.text() === text ? text : taken.current;
        adopt(now);
      });
    },
    /** For another place it is to be applied once more. */
    elsewhere: () => setApplied(undefined),
  };
}
