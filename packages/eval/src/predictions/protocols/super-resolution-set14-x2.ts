import { imageSetProtocol } from '../images/super-resolution.js';

export const definition = imageSetProtocol({ set: 'Set14', scale: 2, images: 14 });
