/**
 * SHA-256 of content that arrives in pieces (FIPS 180-4). The browser's own digest wants the whole content in memory and exists
 * only on pages that came over HTTPS; predictions may be large, and an installation in a laboratory often has plain HTTP.
 */

/** Fractional parts of the roots of the first primes, 32 bits each. */
function rootBits(n: number, root: (prime: number) => number): Int32Array {
  const words = new Int32Array(n);
  const primes: number[] = [];
  for (let candidate = 2; primes.length < n; candidate++) {
    if (primes.some((prime) => candidate % prime === 0)) continue;
    words[primes.length] = ((root(candidate) % 1) * 2 ** 32) | 0;
    primes.push(candidate);
  }
  return words;
}

const K = rootBits(64, Math.cbrt);
const START = rootBits(8, Math.sqrt);
const BLOCK = 64;

export class Sha256 {
  private readonly state = START.slice();
  private readonly schedule = new Int32Array(64);
  private readonly rest = new Uint8Array(BLOCK);
  private held = 0;
  private total = 0;

  update(bytes: Uint8Array): this {
    this.total += bytes.length;
    let at = 0;
    if (this.held > 0) {
      at = Math.min(BLOCK - this.held, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.held);
      this.held += at;
      if (this.held < BLOCK) return this;
      this.block(this.rest, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.block(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.held = bytes.length - at;
    return this;
  }

  /** 64 lower-case hexadecimal digits. Nothing may be added afterwards. */
  digest(): string {
    const padding = new Uint8Array(this.held < 56 ? BLOCK : 2 * BLOCK);
    padding.set(this.rest.subarray(0, this.held));
    padding[this.held] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(this.total / 2 ** 29));
    view.setUint32(padding.length - 4, (this.total << 3) >>> 0);
    for (let at = 0; at < padding.length; at += BLOCK) this.block(padding, at);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }

  private block(bytes: Uint8Array, at: number): void {
    const w = this.schedule;
    for (let i = 0; i < 16; i++, at += 4)
      w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
    for (let i = 16; i < 64; i++) {
      const [p, q] = [w[i - 15]!, w[i - 2]!];
      const s0 = ((p >>> 7) | (p << 25)) ^ ((p >>> 18) | (p << 14)) ^ (p >>> 3);
      const s1 = ((q >>> 17) | (q << 15)) ^ ((q >>> 19) | (q << 13)) ^ (q >>> 10);
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
    }
    const { state } = this;
    let a = state[0]!;
    let b = state[1]!;
    let c = state[2]!;
    let d = state[3]!;
    let e = state[4]!;
    let f = state[5]!;
    let g = state[6]!;
    let h = state[7]!;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] = (state[0]! + a) | 0;
    state[1] = (state[1]! + b) | 0;
    state[2] = (state[2]! + c) | 0;
    state[3] = (state[3]! + d) | 0;
    state[4] = (state[4]! + e) | 0;
    state[5] = (state[5]! + f) | 0;
    state[6] = (state[6]! + g) | 0;
    state[7] = (state[7]! + h) | 0;
  }
}
