import type { ComponentProps } from 'react';

/**
 * A plain link: pages are made on the server and light, so a whole page is as quick to come as its difference, works the
 * same without JavaScript, and costs no script on any page.
 */
export function Link({ children, ...attributes }: ComponentProps<'a'>) {
  return <a {...attributes}>{children}</a>;
}
