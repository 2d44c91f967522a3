import { imageSetProtocol } from '../images/super-resolution.js';

export const definition = imageSetProtocol({ set: 'Set5', scale: 3, images: 5 });
