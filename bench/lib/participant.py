"""Measures one implementation as participant.mjs measures ours: one JSON message a line, reads `sample` and `end`."""

import json
import resource
import sys
import time

SAMPLE_MS = 100
WARM_MS = 1000
WARM_UNITS = 3


def status(field):
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))


def watch_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        held = status("VmRSS")
        return lambda: max(0, status("VmHWM") - held)
    except OSError:
        return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def cpu():
    """Seconds of this process and of programs it has run."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(unit, count):
    started, wall = cpu(), time.perf_counter()
    for _ in range(count):
        unit()
    return {
        "cpuMs": (cpu() - started) * 1000 / count,
        "wallMs": (time.perf_counter() - wall) * 1000 / count,
    }


def say(message):
    print(json.dumps(message), flush=True)


def failing(main):
    """Runs main; what goes wrong is a message too."""
    try:
        main()
    except Exception as error:  # the message is what the table shows
        say({"kind": "failed", "message": f"{type(error).__name__}: {error}"})
        sys.exit(1)


def serve(unit, check, backend):
    """`check` → numbers to compare; a first sample longer than 20 s of CPU time is not repeated for warmth."""
    peak = watch_peak()
    checked = []
    first = measure(lambda: checked.append(check()), 1)
    count = 1
    if first["cpuMs"] < 20 * WARM_MS:
        first = None
        start, done, per_unit = cpu(), 0, 0.0
        while done < WARM_UNITS or (cpu() - start) * 1000 < WARM_MS:
            per_unit = measure(unit, 1)["cpuMs"]
            done += 1
            if per_unit > 2 * WARM_MS:
                break
        count = max(1, round(SAMPLE_MS / max(per_unit, 1e-3)))
    say({"kind": "ready", "backend": backend, "check": checked[0]})
    for line in sys.stdin:
        if line.strip() == "end":
            say({"kind": "end", "peakBytes": peak()})
            return
        sample, first = first or measure(unit, count), None
        say({"kind": "sample", **sample})
