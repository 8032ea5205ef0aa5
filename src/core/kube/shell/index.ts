export { createLocalShells, type LocalShell, type LocalShells, type Pty, type SpawnPty } from './localShell.ts';
