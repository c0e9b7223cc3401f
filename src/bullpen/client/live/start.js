// What makes the page live, loaded when its first view has been drawn.
import { startStream } from './stream.js';

export function start() {
  startStream();
}
