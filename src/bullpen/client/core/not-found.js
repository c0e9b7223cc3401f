// Whether the view says that there is nothing at its address, which its title then says too.
import { signal } from '@preact/signals';

export const notFound = signal(false);
