// The pages' icons join the chat's, so that one component draws both.
import { lucide } from '../vendor/lucide.js';
import { lucide as more } from '../vendor/lucide-pages.js';

Object.assign(lucide, more);
