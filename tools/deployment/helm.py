"""A stand-in for `helm template`: renders the part of Go's templates and of Sprig that our chart uses, and refuses all else.

usage: helm.py CHART [RELEASE] [NAME=VALUE…]   values as JSON, for example autoscaling.enabled=false
"""

import json
import pathlib
import re
import sys

import jsonschema
import yaml

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|:=|[()|,]|[^\s()|,]+')


class Chart:
    def __init__(self, folder, release="tts", values=None):
        self.folder = pathlib.Path(folder)
        self.values = yaml.safe_load((self.folder / "values.yaml").read_text())
        for name, value in (values or {}).items():
            *path, last = name.split(".")
            place = self.values
            for part in path:
                place = place[part]
            place[last] = value
        jsonschema.validate(self.values, json.loads((self.folder / "values.schema.json").read_text()))
        self.root = {"Values": self.values, "Release": {"Name": release, "Namespace": "default"},
                     "Chart": yaml.safe_load((self.folder / "Chart.yaml").read_text())}
        self.defined = {}
        for file in sorted(self.folder.glob("templates/_*.tpl")):
            self.render(file.read_text())

    def documents(self):
        for file in sorted(self.folder.glob("templates/*.yaml")):
            for document in yaml.safe_load_all(self.render(file.read_text())):
                if document is not None:
                    yield file.name, document

    # Parsing

    def render(self, text):
        pieces, last = [], 0
        for match in re.finditer(r"\{\{(-?)\s*(.*?)\s*(-?)\}\}", text, re.S):
            before = text[last:match.start()]
            if pieces and pieces[-1] == ("trim",):
                pieces.pop()
                before = before.lstrip()
            pieces += [("text", before.rstrip() if match[1] else before), ("action", match[2])]
            if match[3]:
                pieces.append(("trim",))
            last = match.end()
        rest = text[last:]
        if pieces and pieces[-1] == ("trim",):
            pieces.pop()
            rest = rest.lstrip()
        tree, left = self.parse(pieces + [("text", rest)])
        assert not left, "an end without a beginning"
        return self.run(tree, {"$": self.root})

    def parse(self, pieces, inside=False):
        tree = []
        while pieces:
            kind, content = pieces.pop(0)
            word = content.split(maxsplit=1)[0] if kind == "action" else ""
            if word in ("if", "range", "define"):
                body, end = self.parse(pieces, inside=True)
                other = []
                if end == "else":
                    other, end = self.parse(pieces, inside=True)
                assert end == "end", f"{content} has no end"
                tree.append((word, content.split(maxsplit=1)[1], body, other))
            elif word in ("else", "end"):
                assert inside, f"{word} without a beginning"
                return tree, word
            else:
                tree.append((kind, content))
        assert not inside, "an end is missing"
        return tree, None

    # Rendering

    def run(self, tree, variables):
        out = ""
        for node in tree:
            if node[0] == "text":
                out += node[1]
            elif node[0] == "action":
                value = self.value(node[1], variables)
                out += {True: "true", False: "false"}.get(value, "" if value is None else str(value)) \
                    if isinstance(value, bool) or value is None else str(value)
            elif node[0] == "if":
                out += self.run(node[2] if self.value(node[1], variables) else node[3], variables)
            elif node[0] == "range":
                names, source = node[1].split(":=")
                key, item = [name.strip() for name in names.split(",")]
                for name, value in sorted(self.value(source.strip(), variables).items()):
                    out += self.run(node[2], {**variables, key: name, item: value})
            elif node[0] == "define":
                self.defined[json.loads(node[1])] = node[2]
        return out

    def value(self, expression, variables):
        tokens = TOKEN.findall(expression)
        result = self.pipeline(tokens, variables)
        assert not tokens, f"not understood: {expression}"
        return result

    def pipeline(self, tokens, variables):
        result = self.command(tokens, variables, [])
        while tokens and tokens[0] == "|":
            tokens.pop(0)
            result = self.command(tokens, variables, [result])
        return result

    def command(self, tokens, variables, piped):
        terms = []
        while tokens and tokens[0] not in ("|", ")"):
            terms.append(tokens.pop(0))
            if terms[-1] == "(":
                terms[-1] = (self.pipeline(tokens, variables),)
                assert tokens.pop(0) == ")"
        name, arguments = terms[0], [self.term(term, variables) for term in terms[1:]] + piped
        if isinstance(name, str) and re.fullmatch(r"[a-zA-Z]+", name) and name not in ("true", "false"):
            return self.function(name, arguments)
        assert not arguments, f"{name} is no function"
        return self.term(name, variables)

    def term(self, term, variables):
        if isinstance(term, tuple):
            return term[0]
        if term == ".":
            return self.root
        if term.startswith("$"):
            return variables[term]
        if term.startswith("."):
            value = self.root
            for part in term[1:].split("."):
                assert part in value, f"there is no {term}"
                value = value[part]
            return value
        return json.loads(term)

    def function(self, name, arguments):
        def yaml_text(value):
            return yaml.safe_dump(value, default_flow_style=False, sort_keys=False).rstrip()

        def required(message, value):
            assert value not in (None, ""), message
            return value

        functions = {
            "include": lambda template, _: self.run(self.defined[template], {"$": self.root}),
            "nindent": lambda width, text: "\n" + "\n".join(" " * width + line for line in text.split("\n")),
            "quote": lambda value: json.dumps(str(value)),
            "toYaml": yaml_text, "required": required, "not": lambda value: not value,
            "default": lambda other, value: value or other, "printf": lambda form, *values: form % values,
            "ternary": lambda first, second, test: first if test else second, "add": lambda *numbers: sum(numbers)}
        return functions[name](*arguments)


if __name__ == "__main__":
    chart, *rest = sys.argv[1:]
    release = rest.pop(0) if rest and "=" not in rest[0] else "tts"
    values = {name: json.loads(value) for name, value in (entry.split("=", 1) for entry in rest)}
    for _, document in Chart(chart, release, values).documents():
        print("---")
        print(yaml.safe_dump(document, sort_keys=False), end="")
