"""Counts what typing a key behind 2,000 characters in 40 lines takes, in instructions: for Scripts/guard.

The shell runs under callgrind on a pseudo-terminal. Where keys rest it looks at the text between two of them, and on a
busy machine they rest: so counted is not the run, but what a call takes of the functions that every key goes through.
"""

import collections
import fcntl
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios

import bench_keys

KEYS = 120
# A frame has been painted.
PAINTED = b"\x1b[?2026l"
# What a key goes through once, with what callgrind's names of it hold.
FUNCTIONS = {
    "taking what was typed": "5Shell10LineEditorC11synchronize",
    "colours and suggestion": "5Shell10LineEditorC12refreshCache",
    "the place of the cursor": "5Shell11CursorPlaceV04upToB0",
    "the frame": "5Shell8RendererV5frame",
}


def wait(master, mark, seconds=120):
    """Reads until the mark comes."""
    found = b""
    while mark not in found:
        if not select.select([master], [], [], seconds)[0]:
            sys.exit("The shell painted nothing.")
        found = found[-16:] + os.read(master, 1 << 16)


def type_keys(program, home, counts):
    child, master = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", HOME=home)
        os.environ.pop("NO_COLOR", None)
        os.execvp("valgrind", ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={counts}", program, "demo"])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    wait(master, PAINTED)
    text = next(text for name, text, _, _ in bench_keys.SITUATIONS if name == "2,000 characters in 40 lines")
    os.write(master, f"\x1b[200~{text}\x1b[201~".encode())
    wait(master, PAINTED)
    for _ in range(KEYS):
        os.write(master, b"a")
        wait(master, PAINTED)
    # The terminal goes, and the shell with it.
    os.close(master)
    os.waitpid(child, 0)


def inclusive(counts):
    """For each of FUNCTIONS its calls, and the instructions of all of them with what they called."""
    names = {}
    found = collections.defaultdict(lambda: [0, 0])
    called, calls = "", 0
    with open(counts, errors="replace") as lines:
        for line in lines:
            # `cfn` is the called function, and the line behind `calls` tells what the calls took.
            if match := re.match(r"(c?)fn=\((\d+)\)(?: (.*))?$", line):
                if match[3]:
                    names[match[2]] = match[3]
                if match[1]:
                    called = names.get(match[2], "")
            elif line.startswith("calls="):
                calls = int(line[6:].split()[0])
            elif calls:
                for name, part in FUNCTIONS.items():
                    if part in called:
                        found[name][0] += calls
                        found[name][1] += int(line.split()[1])
                calls = 0
    return found


def main(program):
    with tempfile.TemporaryDirectory() as home:
        counts = os.path.join(home, "counts")
        type_keys(program, home, counts)
        found = inclusive(counts)
    for name in FUNCTIONS:
        if found[name][0] < KEYS * 9 // 10:
            sys.exit(f"{name}: {found[name][0]} calls of it were counted for {KEYS} keys.")
    print(sum(cost // calls for calls, cost in found.values()))


if __name__ == "__main__":
    main(sys.argv[1])
