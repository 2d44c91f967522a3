import { imageSetProtocol } from '../images/super-resolution.js';

export const definition = imageSetProtocol({ set: 'Urban100', scale: 2, images: 100 });
