import type { Page } from 'playwright';

/** What `listenForPaint` leaves in the page: milliseconds since the epoch, by probe. */
export interface Marked {
  painted: Map<number, number>;
}

/** Notes when a probe's number is first on the screen: in the first task after the frame that has it. */
export function listenForPaint(page: Page): Promise<void> {
  return page.evaluate(() => {
    const painted = new Map<number, number>();
    (globalThis as unknown as Marked).painted = painted;
    const pending = new Set<number>();
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const at = performance.timeOrigin + performance.now();
      for (const number of pending) painted.set(number, at);
      pending.clear();
    };
    const note = (text: string | null) => {
      for (const [digits] of (text ?? '').matchAll(/1\d{2},?\d{3}/g)) {
        const number = Number(digits.replace(',', ''));
        if (painted.has(number) || pending.has(number)) continue;
        if (pending.size === 0) requestAnimationFrame(() => channel.port2.postMessage(0));
        pending.add(number);
      }
    };
    new MutationObserver((mutations) => {
      for (const { target, addedNodes } of mutations) {
        note(target.textContent && target.textContent.length < 400 ? target.textContent : null);
        for (const node of addedNodes) note(node.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}
