/** What the API takes of one file, in bytes. */
export const MAX_UPLOAD_BYTES = 2 ** 31 - 1;

/** What a form without JavaScript may carry in all: the site's server holds it in memory until it has its hash. */
export const MAX_PLAIN_FORM_BYTES = 32_000_000;
