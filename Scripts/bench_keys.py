"""How long the shell's editor takes from a key to the screen, on a pseudo-terminal of 100 × 40."""

import fcntl
import os
import pty
import select
import struct
import tempfile
import termios
import time

FILTER = "encounters | filter department == 'Emergency' and age >= 65 and los_hours > 24 "
LINES = FILTER + "".join(f"| derive x{n} = round(los_hours * {n}, 1) + age % {n + 2} " for n in range(1, 60))
ASCII = LINES[:2000].rsplit("|", 1)[0]

# Name, what stands in the editor, the keys that lead to the place, and the key that is measured.
SITUATIONS = [
    ("an empty line", "", "", "a"),
    ("the end of 80 characters", ASCII[:78] + " ", "", "a"),
    ("the end of 2,000 characters", ASCII, "", "a"),
    ("the beginning of 2,000 characters", ASCII, "\x01", " "),
    ("2,000 characters in 40 lines", ASCII.replace(" | ", "\n| "), "", "a"),
    ("2,000 CJK characters", 'say "' + "患者" * 995, "", "a"),
]


def read_for(master, seconds):
    """Reads until nothing comes for so long; the times of the first and the last output."""
    first = last = None
    while select.select([master], [], [], seconds)[0]:
        os.read(master, 1 << 16)
        last = time.perf_counter()
        first = first or last
    return first, last


def measure(binary, keys=200):
    """Rows of a table: for each situation the median, the 95th percentile and the longest time in milliseconds."""
    table = [["what stands there", "median", "95 of 100", "longest"]]
    for name, text, leading, key in SITUATIONS:
        with tempfile.TemporaryDirectory() as home:
            times = in_shell(binary, home, text, leading, key, keys)
        times.sort()
        table.append([name] + [f"{value * 1000:.2f} ms" for value in
                               (times[len(times) // 2], times[len(times) * 95 // 100], times[-1])])
    return table


def in_shell(binary, home, text, leading, key, keys):
    child, master = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HOME=home)
        os.execv(binary, [binary, "demo"])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    try:
        read_for(master, 1)
        if text:
            data = f"\x1b[200~{text}\x1b[201~".encode()
            for start in range(0, len(data), 512):
                os.write(master, data[start:start + 512])
                read_for(master, 0.02)
        os.write(master, leading.encode())
        read_for(master, 0.5)
        times = []
        for _ in range(keys):
            sent = time.perf_counter()
            os.write(master, key.encode())
            _, last = read_for(master, 0.03)
            if last:
                times.append(last - sent)
        if len(times) < keys:
            raise RuntimeError(f"{keys - len(times)} of {keys} keys changed nothing on the screen")
        return times
    finally:
        os.close(master)
        os.waitpid(child, 0)
