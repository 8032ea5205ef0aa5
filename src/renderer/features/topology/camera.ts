import type { Box } from './layout.ts';

/** What part of the plane is seen: the point at the canvas' corner, and how large a unit is. */
export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

const nearest = 2;
const farthest = 0.04;

export function zoomAt(camera: Camera, factor: number, at: { x: number; y: number }): Camera {
  const zoom = Math.min(nearest, Math.max(farthest, camera.zoom * factor));
  const ratio = 1 / camera.zoom - 1 / zoom;
  return { x: camera.x + at.x * ratio, y: camera.y + at.y * ratio, zoom };
}

/** All of it, but never so small that nothing can be read; then the beginning, where the problems are. */
export function fitted(
  content: { width: number; height: number },
  view: { width: number; height: number },
  smallest = 0.4,
): Camera {
  const margin = 20;
  const room = { width: view.width - margin * 2, height: view.height - margin * 2 };
  const all = Math.min(room.width / Math.max(1, content.width), room.height / Math.max(1, content.height));
  const zoom = Math.min(1, Math.max(all, smallest));
  const spare = (size: number, have: number) => Math.max(margin, (have - size * zoom) / 2);
  return {
    x: -spare(content.width, view.width) / zoom,
    y: -(content.height * zoom < view.height ? Math.min(spare(content.height, view.height), 48) : margin) / zoom,
    zoom,
  };
}

/** Moves no more than is needed to have the box in view. */
export function broughtIn(camera: Camera, box: Box, view: { width: number; height: number }): Camera {
  const margin = 40 / camera.zoom;
  const [width, height] = [view.width / camera.zoom, view.height / camera.zoom];
  const along = (start: number, at: number, size: number, room: number) =>
    at - margin < start ? at - margin : at + size + margin > start + room ? at + size + margin - room : start;
  return {
    ...camera,
    x: along(camera.x, box.x, box.width, width),
    y: along(camera.y, box.y, box.height, height),
  };
}

export function centred(box: Box, view: { width: number; height: number }, zoom: number): Camera {
  return {
    x: box.x + box.width / 2 - view.width / 2 / zoom,
    y: box.y + box.height / 2 - view.height / 2 / zoom,
    zoom,
  };
}
