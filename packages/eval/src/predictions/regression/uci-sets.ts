/** The seven sets of the published archive. */
import type { UciSet } from './uci.js';

export const bostonHousing: UciSet = {
  key: 'uci-boston-housing',
  title: 'Boston housing',
  folder: 'bostonHousing',
  examples: 506,
  test: 51,
  target: 'Median house value in 1,000 dollars',
};

export const concrete: UciSet = {
  key: 'uci-concrete',
  title: 'Concrete strength',
  folder: 'concrete',
  examples: 1030,
  test: 103,
  target: 'Compressive strength in MPa',
};

export const energy: UciSet = {
  key: 'uci-energy',
  title: 'Energy efficiency',
  folder: 'energy',
  examples: 768,
  test: 77,
  target: 'Heating load',
};

export const kin8nm: UciSet = {
  key: 'uci-kin8nm',
  title: 'Kin8nm',
  folder: 'kin8nm',
  examples: 8192,
  test: 819,
  target: 'Distance of the end of a robot arm',
};

export const powerPlant: UciSet = {
  key: 'uci-power-plant',
  title: 'Combined cycle power plant',
  folder: 'power-plant',
  examples: 9568,
  test: 957,
  target: 'Net hourly electrical output in MW',
};

export const wineRed: UciSet = {
  key: 'uci-wine-red',
  title: 'Wine quality, red',
  folder: 'wine-quality-red',
  examples: 1599,
  test: 160,
  target: 'Quality score',
};

export const yacht: UciSet = {
  key: 'uci-yacht',
  title: 'Yacht hydrodynamics',
  folder: 'yacht',
  examples: 308,
  test: 31,
  target: 'Residuary resistance',
};

export const uciSets: readonly UciSet[] = [bostonHousing, concrete, energy, kin8nm, powerPlant, wineRed, yacht];
