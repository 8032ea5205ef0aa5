import { type ReactNode, useEffect, useRef, useState } from 'react';

/** Beyond the window's edge what is about to come into sight is drawn already. CSS pixels. */
const ahead = '600px 0px';

/**
 * Draws its child only while it is in or near the sight, and something of the same height otherwise: a hundred cards
 * whose numbers change cost what a screen of them costs. `initially` draws it with the first frame.
 */
export function Seen(props: { initially: boolean; height: number; placeholder: ReactNode; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(props.initially);
  const height = useRef(props.height);
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry === undefined) return;
        if (entry.boundingClientRect.height > 0) height.current = entry.boundingClientRect.height;
        setSeen(entry.isIntersecting);
      },
      { rootMargin: ahead },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={box} style={seen ? undefined : { minHeight: height.current }}>
      {seen ? props.children : props.placeholder}
    </div>
  );
}
