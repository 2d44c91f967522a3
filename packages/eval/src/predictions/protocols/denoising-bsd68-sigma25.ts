import { denoisingOn } from '../images/denoising-boards.js';

export const definition = denoisingOn('BSD68', 25);
