// What the window's width means: below it there is room for one column, and the rail and sidebar become a drawer.
import { effect, signal } from '@preact/signals';
import { route } from './router.js';

const query = matchMedia('(max-width: 767px)');

export const narrow = signal(query.matches);
export const drawerOpen = signal(false);

query.addEventListener('change', () => {
  narrow.value = query.matches;
  drawerOpen.value = false;
});

effect(() => {
  route.value;
  drawerOpen.value = false;
});
