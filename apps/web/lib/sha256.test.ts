import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Sha256 } from './sha256';

const reference = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('SHA-256 in pieces', () => {
  it('gives the digests of the standard', () => {
    const of = (text: string) => new Sha256().update(new TextEncoder().encode(text)).digest();
    expect(of('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(of('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('agrees with the system for every length around a block, however it is cut', () => {
    const bytes = randomBytes(300);
    for (let length = 0; length <= bytes.length; length++) {
      const content = bytes.subarray(0, length);
      for (const step of [1, 63, 64, 65, 300]) {
        const hash = new Sha256();
        for (let at = 0; at < length; at += step) hash.update(content.subarray(at, at + step));
        expect(hash.digest(), `${length} bytes by ${step}`).toBe(reference(content));
      }
    }
  });

  it('counts more bits than a 32-bit number holds', () => {
    const piece = new Uint8Array(2 ** 22);
    const [hash, system] = [new Sha256(), createHash('sha256')];
    for (let i = 0; i < 129; i++) {
      hash.update(piece);
      system.update(piece);
    }
    expect(hash.digest()).toBe(system.digest('hex'));
  });
});
