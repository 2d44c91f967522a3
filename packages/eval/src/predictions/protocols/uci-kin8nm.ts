import { kin8nm } from '../regression/uci-sets.js';
import { uciProtocol } from '../regression/uci.js';

export const definition = uciProtocol(kin8nm);
