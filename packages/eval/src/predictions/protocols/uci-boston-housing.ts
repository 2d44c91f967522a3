import { bostonHousing } from '../regression/uci-sets.js';
import { uciProtocol } from '../regression/uci.js';

export const definition = uciProtocol(bostonHousing);
