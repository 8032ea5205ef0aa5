import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasonOf } from './exitReason.ts';
import { fileOf } from './files.ts';
import { menuTemplate } from './menu.ts';
import { readWindowState, visibleBounds, writeWindowState } from './windowState.ts';

describe('fileOf', () => {
  const folder = join('/', 'app', 'renderer');
  it.each([
    ['app://kubesage/', 'index.html'],
    ['app://kubesage/objects/prod/pods/shop/web', 'index.html'],
    ['app://kubesage/assets/a.js?x=1#y', 'assets/a.js'],
    ['app://kubesage/assets/%61.js', 'assets/a.js'],
  ])('%s is %s', (address, file) => {
    expect(fileOf(folder, address)).toBe(join(folder, file));
  });
  it.each([
    'app://elsewhere/index.html',
    'app://kubesage/..%2fmain%2fdesktop.cjs',
    'app://kubesage/%2e%2e%2f%2e%2e%2fetc%2fpasswd.txt',
    'app://kubesage/assets/%00.js',
    'app://kubesage/assets/%.js',
  ])('%s is nothing', (address) => {
    expect(fileOf(folder, address)).toBeUndefined();
  });
});

describe('the window', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 };
  const bounds = { x: 100, y: 100, width: 1200, height: 800 };

  it('comes back where it was', () => {
    const folder = mkdtempSync(join(tmpdir(), 'window-'));
    const path = join(folder, 'deep', 'window.json');
    writeWindowState(path, { bounds, maximized: true });
    expect(readWindowState(path)).toEqual({ bounds, maximized: true });
    rmSync(folder, { recursive: true });
  });
  it.each(['', '{', '{"bounds":{"x":"no"}}', '{"bounds":{"x":0,"y":0,"width":1,"height":1}}', 'null'])(
    'opens at its default place when %j was remembered',
    (text) => {
      const folder = mkdtempSync(join(tmpdir(), 'window-'));
      writeFileSync(join(folder, 'window.json'), text);
      expect(readWindowState(join(folder, 'window.json'))).toEqual({ bounds: undefined, maximized: false });
      rmSync(folder, { recursive: true });
    },
  );
  it('does not open on a screen that is gone', () => {
    expect(visibleBounds(bounds, [screen])).toEqual(bounds);
    expect(visibleBounds({ ...bounds, x: 2500 }, [screen])).toBeUndefined();
    expect(visibleBounds({ ...bounds, x: 2500 }, [screen, { ...screen, x: 1920 }])).toEqual({ ...bounds, x: 2500 });
    expect(visibleBounds(bounds, [])).toBeUndefined();
  });
});

describe('reasonOf', () => {
  it('names the error that the engine died of', () => {
    const words = 'node:internal/x:1\n  throw err;\n\nTypeError: cannot read x\n    at y (z.ts:1:1)\n';
    expect(reasonOf('exit code 1', words)).toBe('The engine ended (exit code 1): TypeError: cannot read x');
    expect(reasonOf('signal SIGKILL', 'just a warning\n')).toBe('The engine ended (signal SIGKILL)');
  });
});

describe('the menu', () => {
  it('has the app menu on macOS only', () => {
    expect(menuTemplate('darwin')[0]).toEqual({ role: 'appMenu' });
    expect(menuTemplate('linux')[0]).toEqual({ role: 'fileMenu' });
  });
});
