// The icons of what is loaded later join the first view's, so that one component draws both.
import { lucide } from '../vendor/lucide.js';
import { lucide as more } from '../vendor/lucide-live.js';

Object.assign(lucide, more);
