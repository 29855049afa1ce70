"""The registry of a file of cases: `CASES, case = registry()`, then `@case("he-01")` above each function."""


class Skipped(Exception):
    """A case that needs something that is missing here."""


def registry():
    cases = {}

    def case(name):
        def add(function):
            cases[name] = function
            return function
        return add
    return cases, case


def equal(found, wanted, what=""):
    assert found == wanted, f"{what} {found!r}, wanted {wanted!r}".strip()


def within(needle, text):
    assert str(needle).lower() in str(text).lower(), f"{needle!r} is not in {text!r}"
