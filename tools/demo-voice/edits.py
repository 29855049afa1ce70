"""The edit distance of two sequences."""

import re


def edits(said, wanted):
    """The least number of insertions, deletions and replacements that turn one sequence into the other."""
    row = list(range(len(wanted) + 1))
    for i, a in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(wanted, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def words(text):
    """The words of the text in a recogniser's spelling: lower case, no marks, hyphens as spaces."""
    return re.sub(r"[^a-z' ]", " ", text.lower()).replace(" '", " ").replace("' ", " ").strip("' ").split()
