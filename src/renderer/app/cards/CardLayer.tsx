import { Suspense, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { t } from '../../ui/index.ts';
import { useCommands } from '../commands.ts';
import { ErrorBoundary } from '../ErrorBoundary.tsx';
import { features } from '../features.ts';
import styles from './cards.module.css';
import { anchorOf, focusedAnchor, placeCard, readSubject, type Subject } from './model.ts';

/** How long the pointer rests before a card opens, and how long it may be away before one closes. Milliseconds. */
const openAfterMs = 400;
const closeAfterMs = 180;

interface Shown {
  subject: Subject;
  anchor: Element;
  /** Asked for with the key: it stays until it is dismissed. */
  byKey: boolean;
}

/**
 * What is known of a name, wherever the name stands: of the element with `data-card="<card> <subject>"` under the
 * pointer, or with the focus when its key is pressed. One layer listens for the whole window, so that a name in a list of
 * a hundred thousand costs an attribute.
 */
export function CardLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  const card = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const current = useRef<Shown | null>(null);
  current.current = shown;

  const close = useCallback(() => {
    clearTimeout(timer.current);
    setShown(null);
  }, []);

  useEffect(() => {
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch' || event.buttons !== 0) return;
      const anchor = anchorOf(event.target);
      const now = current.current;
      if (card.current?.contains(event.target as Node) === true || (anchor !== null && anchor === now?.anchor)) {
        clearTimeout(timer.current);
        return;
      }
      clearTimeout(timer.current);
      const subject = anchor?.getAttribute('data-card-by') === 'key' ? undefined : readSubject(anchor);
      if (anchor !== null && subject !== undefined && !isCovered()) {
        timer.current = setTimeout(() => setShown({ subject, anchor, byKey: false }), openAfterMs);
      } else if (now !== null && !now.byKey) timer.current = setTimeout(close, closeAfterMs);
    };
    const key = (event: KeyboardEvent) => {
      if (current.current === null) return clearTimeout(timer.current);
      // Escape dismisses the card and nothing else; any other key goes on to something else.
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
      }
      if (!['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) close();
    };
    const away = (event: Event) => {
      if (card.current?.contains(event.target as Node) !== true) close();
    };
    document.addEventListener('pointerover', over);
    document.addEventListener('pointerdown', away, true);
    document.addEventListener('keydown', key, true);
    document.addEventListener('scroll', away, true);
    window.addEventListener('hashchange', close);
    window.addEventListener('blur', close);
    return () => {
      clearTimeout(timer.current);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('pointerdown', away, true);
      document.removeEventListener('keydown', key, true);
      document.removeEventListener('scroll', away, true);
      window.removeEventListener('hashchange', close);
      window.removeEventListener('blur', close);
    };
  }, [close]);

  useCommands([
    {
      id: 'app.card',
      label: 'app.commands.card',
      group: 'app.groups.view',
      keys: ['i'],
      when: () => readSubject(focusedAnchor()) !== undefined,
      perform: () => {
        const anchor = focusedAnchor();
        const subject = readSubject(anchor);
        if (anchor !== null && subject !== undefined) setShown({ subject, anchor, byKey: true });
      },
    },
  ]);

  // Before the first paint, and again when what was loaded makes it higher.
  useLayoutEffect(() => {
    const element = card.current;
    if (element === null || shown === null) return;
    const place = () => {
      if (!shown.anchor.isConnected) return close();
      const room = { width: window.innerWidth, height: window.innerHeight };
      const { left, top } = placeCard(shown.anchor.getBoundingClientRect(), element.getBoundingClientRect(), room);
      element.style.transform = `translate(${left}px, ${top}px)`;
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    shown.anchor.setAttribute('aria-describedby', 'card');
    return () => {
      observer.disconnect();
      shown.anchor.removeAttribute('aria-describedby');
    };
  }, [shown, close]);

  if (shown === null) return null;
  const Card = features.map(({ cards }) => cards?.[shown.subject.card]).find((found) => found !== undefined);
  if (Card === undefined) return null;
  return (
    <div ref={card} id="card" role="tooltip" className={styles.card}>
      <ErrorBoundary region={t('app.commands.card')}>
        <Suspense fallback={null}>
          <Card subject={shown.subject.subject} />
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}

/** Menus and dialogs lie over names that should keep quiet. */
function isCovered(): boolean {
  return document.querySelector('[role="menu"], [data-radix-popper-content-wrapper] [role="dialog"]') !== null;
}
