import { imageSetProtocol } from '../images/super-resolution.js';

export const definition = imageSetProtocol({ set: 'Urban100', scale: 4, images: 100 });
