"""NT-Xent forward and backward in PyTorch, one JSON line for each size and implementation.

eager: the n x n matrices in memory. compile: the same under torch.compile. chunked: blocks of rows recomputed in the
backward pass, so that memory is O(n d + block n), as Inf-CL does it. triton: the same with the forward pass fused.

python3 baselines.py [--toy] [--n 4096,8192] [--dim 128,512] [--dtype f32,f16] [--peak TFLOPS] [--out FILE]
"""
import argparse
import json
import statistics
import time

import torch

try:
    import triton
    import triton.language as tl
except ImportError:
    triton = None

TEMPERATURE = 0.1
BLOCK = 1024


def partners(n, device):
    half = n // 2
    index = torch.arange(n, device=device)
    return torch.where(index < half, index + half, index - half)


def eager(x, partner):
    logits = x @ x.T / TEMPERATURE
    logits = logits.masked_fill(torch.eye(len(x), dtype=torch.bool, device=x.device), float('-inf'))
    return torch.nn.functional.cross_entropy(logits.float(), partner)


class Chunked(torch.autograd.Function):
    """Blocks of rows: log-sum-exp forwards, weights and both products backwards."""

    @staticmethod
    def forward(context, x, partner, row_lse):
        lse = row_lse(x)
        positive = (x * x[partner]).sum(1).float() / TEMPERATURE
        context.save_for_backward(x, partner, lse)
        return (lse - positive).mean()

    @staticmethod
    def backward(context, upstream):
        x, partner, lse = context.saved_tensors
        n = len(x)
        gradient = torch.zeros(x.shape, dtype=torch.float32, device=x.device)
        scale = upstream / (n * TEMPERATURE)
        for start in range(0, n, BLOCK):
            rows = slice(start, min(start + BLOCK, n))
            weights = torch.exp((x[rows] @ x.T).float() / TEMPERATURE - lse[rows, None])
            local = torch.arange(weights.shape[0], device=x.device)
            weights[local, local + start] = 0
            weights[local, partner[rows]] -= 1
            weights = (weights * scale).to(x.dtype)
            gradient[rows] += weights @ x
            gradient += weights.T @ x[rows]
        return gradient.to(x.dtype), None, None


def torch_lse(x):
    parts = []
    for start in range(0, len(x), BLOCK):
        logits = (x[start : start + BLOCK] @ x.T).float() / TEMPERATURE
        local = torch.arange(logits.shape[0], device=x.device)
        logits[local, local + start] = float('-inf')
        parts.append(torch.logsumexp(logits, 1))
    return torch.cat(parts)


if triton:

    @triton.jit
    def lse_kernel(x, out, n, scale, D: tl.constexpr, ROWS: tl.constexpr, COLUMNS: tl.constexpr, DEPTH: tl.constexpr, TF32: tl.constexpr):
        rows = tl.program_id(0) * ROWS + tl.arange(0, ROWS)
        top = tl.full((ROWS,), -1e30, tl.float32)
        total = tl.zeros((ROWS,), tl.float32)
        for first in range(0, n, COLUMNS):
            columns = first + tl.arange(0, COLUMNS)
            scores = tl.zeros((ROWS, COLUMNS), tl.float32)
            for k in range(0, D, DEPTH):
                depth = k + tl.arange(0, DEPTH)
                a = tl.load(x + rows[:, None] * D + depth[None, :], mask=(rows[:, None] < n) & (depth[None, :] < D), other=0.0)
                b = tl.load(x + columns[None, :] * D + depth[:, None], mask=(columns[None, :] < n) & (depth[:, None] < D), other=0.0)
                scores += tl.dot(a, b, allow_tf32=TF32)
            scores = tl.where((columns[None, :] < n) & (columns[None, :] != rows[:, None]), scores * scale, -1e30)
            higher = tl.maximum(top, tl.max(scores, 1))
            total = total * tl.exp(top - higher) + tl.sum(tl.exp(scores - higher[:, None]), 1)
            top = higher
        tl.store(out + rows, top + tl.log(total), mask=rows < n)

    def triton_lse(x):
        n, d = x.shape
        out = torch.empty(n, dtype=torch.float32, device=x.device)
        lse_kernel[(triton.cdiv(n, 64),)](x, out, n, 1 / TEMPERATURE, D=d, ROWS=64, COLUMNS=64, DEPTH=32, TF32=False)
        return out


def implementations(toy):
    found = {
        'torch-eager': eager,
        'torch-chunked': lambda x, partner: Chunked.apply(x, partner, torch_lse),
    }
    # A compiled form recompiles for every size; at toy size on the CPU it would only test the compiler.
    if hasattr(torch, 'compile') and not toy:
        found['torch-compile'] = torch.compile(eager)
    if triton and torch.cuda.is_available():
        found['triton-chunked'] = lambda x, partner: Chunked.apply(x, partner, triton_lse)
    return found


def timed(step, device, repeats):
    for _ in range(2):
        step()
    if device == 'cpu':
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            step()
            times.append(1e3 * (time.perf_counter() - start))
        return statistics.median(times), 'host'
    times = []
    for _ in range(repeats):
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        step()
        end.record()
        torch.cuda.synchronize()
        times.append(begin.elapsed_time(end))
    return statistics.median(times), 'device'


def embeddings(n, d):
    """The same unit rows as run.mjs: a linear congruential generator, so that the losses can be compared."""
    import numpy

    count = n * d
    multiplier, increment, modulus = 1664525, 1013904223, 2**32
    # Jumps of doubling length give the whole sequence in log2(count) vector operations.
    states = numpy.array([(12345 * multiplier + increment) % modulus], dtype=numpy.uint64)
    a, c = multiplier, increment
    while len(states) < count:
        states = numpy.concatenate([states, (states * numpy.uint64(a) + numpy.uint64(c)) % numpy.uint64(modulus)])
        a, c = a * a % modulus, (a * c + c) % modulus
    x = states[:count].astype(numpy.uint32).view(numpy.int32).astype(numpy.float32) / 2**31
    x = torch.from_numpy(x.reshape(n, d))
    return x / x.norm(dim=1, keepdim=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--toy', action='store_true')
    parser.add_argument('--n')
    parser.add_argument('--dim')
    parser.add_argument('--dtype', default='f32,f16')
    parser.add_argument('--peak', type=float)
    parser.add_argument('--repeats', type=int, default=5)
    parser.add_argument('--out')
    options = parser.parse_args()
    numbers = lambda text, otherwise: [int(x) for x in text.split(',')] if text else otherwise
    sizes = numbers(options.n, [64, 200] if options.toy else [4096, 8192, 16384, 32768, 65536, 131072, 262144])
    dimensions = numbers(options.dim, [16, 30] if options.toy else [128, 512, 768])
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    # Float32 means float32: the tensor cores' 10-bit products would be another number format.
    torch.backends.cuda.matmul.allow_tf32 = False
    name = torch.cuda.get_device_name() if device == 'cuda' else 'cpu'
    print(json.dumps({'torch': torch.__version__, 'triton': getattr(triton, '__version__', None), 'device': name}, indent=1))
    for d in dimensions:
        for n in sizes:
            for dtype in options.dtype.split(','):
                if dtype == 'f16' and device == 'cpu':
                    continue
                for label, loss_of in implementations(options.toy).items():
                    suffix = '' if dtype == 'f32' else '-f16'
                    row = {'case': 'nt-xent', 'implementation': label + suffix, 'n': n, 'dim': d, 'device': name}
                    try:
                        x = embeddings(n, d).to(device, torch.float32 if dtype == 'f32' else torch.float16).requires_grad_()
                        partner = partners(n, device)
                        last = []

                        def step():
                            x.grad = None
                            loss = loss_of(x, partner)
                            loss.backward()
                            last[:] = [loss.detach()]

                        if device == 'cuda':
                            torch.cuda.reset_peak_memory_stats()
                        milliseconds, clock = timed(step, device, options.repeats)
                        teraflops = 6 * n * n * d / milliseconds / 1e9
                        row |= {'milliseconds': milliseconds, 'clock': clock, 'teraflops': teraflops, 'loss': float(last[0])}
                        row['gradientNorm'] = float(x.grad.float().norm())
                        if device == 'cuda':
                            row['peakBytes'] = torch.cuda.max_memory_allocated()
                        if options.peak:
                            row['shareOfPeak'] = teraflops / options.peak
                    except (RuntimeError, MemoryError) as error:
                        row['failed'] = str(error).split('\n')[0]
                    x = partner = None
                    if device == 'cuda':
                        torch.cuda.empty_cache()
                    line = json.dumps(row)
                    print(line, flush=True)
                    if options.out:
                        with open(options.out, 'a') as file:
                            file.write(line + '\n')


main()
