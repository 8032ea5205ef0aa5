import { useEffect, useState } from 'react';
import type { Tone } from '../../ui/index.ts';

/** The theme's colours for a canvas, which knows no custom properties. */
export interface Palette {
  surface: string;
  sunken: string;
  raised: string;
  line: string;
  lineStrong: string;
  text: string;
  text2: string;
  text3: string;
  accent: string;
  focus: string;
  track: string;
  selected: string;
  tone: Record<Tone, { text: string; fill: string; wash: string }>;
  font: string;
  mono: string;
}

const toneNames: readonly Tone[] = ['healthy', 'progressing', 'warning', 'failed', 'unknown', 'stopped'];

function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const tone = Object.fromEntries(
    toneNames.map((name) => [name, { text: of(name), fill: of(`${name}-fill`), wash: of(`${name}-wash`) }]),
  ) as Palette['tone'];
  return {
    surface: of('surface'),
    sunken: of('sunken'),
    raised: of('raised'),
    line: of('line'),
    lineStrong: of('line-strong'),
    text: of('text'),
    text2: of('text-2'),
    text3: of('text-3'),
    accent: of('accent'),
    focus: of('focus'),
    track: of('track'),
    selected: of('selected'),
    tone,
    font: of('font'),
    mono: of('mono'),
  };
}

/** Read anew when the theme changes. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const again = () => setPalette(readPalette());
    const observer = new MutationObserver(again);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', again);
    return () => {
      observer.disconnect();
      system.removeEventListener('change', again);
    };
  }, []);
  return palette;
}

/** The shape of a tone, as `ToneShape` draws it; `x`, `y` is its middle. */
export function drawTone(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { tone, x, y, size }: { tone: Tone; x: number; y: number; size: number },
): void {
  const unit = size / 10;
  const colour = palette.tone[tone].fill;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.beginPath();
  switch (tone) {
    case 'healthy':
      context.arc(x, y, 4 * unit, 0, Math.PI * 2);
      context.fill();
      return;
    case 'progressing':
      context.lineWidth = 1.2 * unit;
      context.arc(x, y, 3.6 * unit, 0, Math.PI * 2);
      context.stroke();
      context.beginPath();
      context.arc(x, y, 3.6 * unit, Math.PI / 2, (Math.PI * 3) / 2);
      context.fill();
      return;
    case 'warning':
      context.moveTo(x, y - 4.4 * unit);
      context.lineTo(x + 4.6 * unit, y + 4 * unit);
      context.lineTo(x - 4.6 * unit, y + 4 * unit);
      context.fill();
      return;
    case 'failed':
      context.fillRect(x - 4 * unit, y - 4 * unit, 8 * unit, 8 * unit);
      return;
    case 'unknown':
      context.lineWidth = 1.4 * unit;
      context.arc(x, y, 3.5 * unit, 0, Math.PI * 2);
      context.stroke();
      return;
    case 'stopped':
      context.fillRect(x - 4 * unit, y - unit, 8 * unit, 2 * unit);
  }
}
