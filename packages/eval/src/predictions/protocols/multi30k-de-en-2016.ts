import { multi30k } from '../translation/multi30k.js';

export const definition = multi30k('de', 'en', 2016);
