import { imageSetProtocol } from '../images/super-resolution.js';

export const definition = imageSetProtocol({ set: 'BSD100', scale: 4, images: 100 });
