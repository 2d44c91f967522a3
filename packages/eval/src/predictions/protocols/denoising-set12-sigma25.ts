import { denoisingOn } from '../images/denoising-boards.js';

export const definition = denoisingOn('Set12', 25);
