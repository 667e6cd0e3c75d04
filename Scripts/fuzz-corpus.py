"""Writes what the fuzzer begins with: the statements, scripts and small files of the tests, one a file, and the words
of the language as its dictionary. An input that begins with a zero byte is a CSV file, any other a script."""

import glob
import hashlib
import os
import re
import sys

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)


def keep(data):
    if 0 < len(data) <= 4096:
        with open(f"{folder}/{hashlib.sha1(data).hexdigest()}", "wb") as file:
            file.write(data)


def literals(path):
    """The texts between quotes of a Swift file, escapes undone as far as they matter here."""
    source = open(path, encoding="utf-8").read()
    for text in re.findall(r'#?"""\n(.*?)\n\s*"""', source, re.S) + re.findall(r'"((?:[^"\\\n]|\\.)+)"', source):
        yield text.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")


for path in glob.glob("Tests/LanguageTests/*.swift") + glob.glob("Tests/GoldenTests/Comparisons*.swift"):
    for text in literals(path):
        keep(text.encode())
for path in glob.glob("Sources/Vocabulary/*/*.swift"):
    for text in re.findall(r'Example\(\s*"((?:[^"\\]|\\.)*)"', open(path, encoding="utf-8").read()):
        text = text.replace('\\"', '"').replace("\\\\", "\\")
        keep((text if text.startswith("table") else f"say ({text})").encode())
for path in glob.glob("Scripts/*.rounds"):
    keep(open(path, "rb").read())
for path in glob.glob("Tests/FormatsTests/*.swift"):
    for text in literals(path):
        if "," in text or ";" in text or "\n" in text:
            keep(b"\0" + text.encode())
for path in glob.glob("../shared/data/tables/*/*.csv")[::7]:
    with open(path, "rb") as file:
        keep(b"\0" + file.read(1500))

words = set()
for path in glob.glob("Sources/Vocabulary/*/*.swift"):
    words |= set(re.findall(r'(?:Function|Verb|Clause)\(\s*"([a-z_]+)"', open(path, encoding="utf-8").read()))
words |= {"and", "or", "not", "in", "between", "like", "is", "missing", "case", "if", "else", "asc", "desc", "let"}
words |= {"def", "param", "load", "table", "2026-01-31", "2026-01-31T08:30", "12h", "12%", "f\\\"{", "`", "..", "->", "??"}
with open(f"{folder}.dict", "w", encoding="utf-8") as file:
    file.writelines(f'"{word}"\n' for word in sorted(words))
