import { type RefObject, useLayoutEffect, useState } from 'react';

const letters = 50;

/** The size of an element, and of one letter and one row of its text, in pixels; kept up to date. */
export function useLetter(box: RefObject<HTMLElement | null>): {
  letter: { width: number; height: number };
  size: { width: number; height: number };
} {
  const [measured, setMeasured] = useState({ letter: { width: 7.2, height: 18 }, size: { width: 800, height: 300 } });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = () => {
      if (element.clientHeight === 0) return;
      const probe = document.createElement('span');
      probe.textContent = '0'.repeat(letters);
      probe.style.cssText = 'position:absolute;visibility:hidden;white-space:pre;display:block';
      element.append(probe);
      const { width, height } = probe.getBoundingClientRect();
      probe.remove();
      setMeasured({
        letter: { width: width / letters, height },
        size: { width: element.clientWidth, height: element.clientHeight },
      });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // The font may come after the first look.
    void document.fonts.ready.then(measure);
    return () => observer.disconnect();
  }, [box]);
  return measured;
}
