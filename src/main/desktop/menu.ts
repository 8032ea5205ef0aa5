import type { MenuItemConstructorOptions } from 'electron';

/** The native menu holds what the platform expects; the product's commands live in the page's own registry. */
export function menuTemplate(platform: string = process.platform): MenuItemConstructorOptions[] {
  const menus: MenuItemConstructorOptions[] = [
    { role: 'fileMenu' },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        { role: 'toggleDevTools' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
  return platform === 'darwin' ? [{ role: 'appMenu' }, ...menus] : menus;
}
