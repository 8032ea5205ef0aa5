import { watchTasks } from './longTasks.ts';

/**
 * Loaded into the engine's process before its program: tells over the process' own channel how long its event loop was
 * kept busy at once since the last question, and what its memory is made of.
 */
let tasks = watchTasks();
process.on('message', () => {
  const longestTaskMs = tasks.longestMs();
  tasks.stop();
  tasks = watchTasks();
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
  process.send?.({ longestTaskMs, heapUsed, external, arrayBuffers, rss });
});
// It lives as long as the program does.
process.channel?.unref();
