export { type ForwardOptions, type LocalForward, listenForward } from './listen.ts';
