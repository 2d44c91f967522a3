/** Every method of the package, by what lies in the folders. */
export { methods, pages } from './registry.generated.js';
