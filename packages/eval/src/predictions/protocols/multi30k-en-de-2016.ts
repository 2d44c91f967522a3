import { multi30k } from '../translation/multi30k.js';

export const definition = multi30k('en', 'de', 2016);
