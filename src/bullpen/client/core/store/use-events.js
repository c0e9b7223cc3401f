import { useEffect, useRef } from 'preact/hooks';
import { onEvent } from './event-bus.js';

/** @import { LogEvent } from '../types.js' */

// Several at once are looked after at once: the beginning of a run has three events.
const together = 150;

/**
 * Acts soon after an event that concerns the page.
 * @param {(event: LogEvent) => boolean} concerns
 * @param {() => void} act
 */
export function useEvents(concerns, act) {
  const latest = useRef({ concerns, act });
  latest.current = { concerns, act };
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const stop = onEvent((event) => {
      if (timer !== undefined || !latest.current.concerns(event)) return;
      timer = setTimeout(() => {
        timer = undefined;
        latest.current.act();
      }, together);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, []);
}

/** @param {LogEvent} event @param {string} agentId */
export function isRunOf(event, agentId) {
  return event.type === 'reset' || ('run' in event && event.run.agentId === agentId);
}

/** Of any agent: some memory is shared. @param {LogEvent} event */
export function isMemory(event) {
  return event.type === 'reset' || event.type === 'memory.changed';
}

/** @param {LogEvent} event @param {string} runId */
export function isAboutRun(event, runId) {
  return event.type === 'reset' || ('run' in event && event.run.id === runId);
}
