import { describe, expect, it } from 'vitest';
import { listHref, matches, readListSearch } from './list-search';

describe('the list of benchmarks', () => {
  it('opens on the boards that train, and keeps what is sought over the tabs', () => {
    expect(readListSearch({})).toEqual({ track: 'train', text: '' });
    expect(readListSearch({ track: 'nonsense', q: ' kitti ' })).toEqual({ track: 'train', text: 'kitti' });
    const search = readListSearch({ track: ['PREDICTIONS'], q: 'a&b' });
    expect(search).toEqual({ track: 'predictions', text: 'a&b' });
    expect(listHref(search)).toBe('/benchmarks?track=predictions&q=a%26b');
    expect(listHref({ track: 'train', text: '' })).toBe('/benchmarks');
  });

  it('finds by every word, wherever each stands', () => {
    const board = {
      key: 'kitti-tracking',
      title: 'KITTI tracking',
      summary: 'AB3DMOT measures.',
      primary: { key: 'samota_car', title: 'sAMOTA' },
      dataKeys: ['kitti_tracking'],
    };
    expect(matches(board, '')).toBe(true);
    expect(matches(board, 'ab3dmot SAMOTA')).toBe(true);
    expect(matches(board, 'kitti bird')).toBe(false);
  });
});
