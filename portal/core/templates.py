"""Templates with their words already in them: one compiled set per language.

`_('…')` with a constant text is translated while the template is compiled, so a page looks up only the words that carry
variables. Which set is used follows the reader's language at the moment of rendering.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer

from portal.core.i18n import LANGUAGES, current_language, words_in

TRANSLATES = frozenset({"_", "gettext"})


class SharedTemplate(Template):
    """A template whose macros are made ready once, however often it is imported.

    Jinja would compare the importer's globals with ours at every import; here all templates have the same.
    """

    def _get_default_module(self, ctx: Any = None) -> Any:
        if self._module is None:
            self._module = self.make_module()
        return self._module


class WordedEnvironment(Environment):
    """Flask's environment, once per language; all of them share filters, globals and loader."""

    template_class = SharedTemplate
    language: str | None = None
    siblings: dict[str, WordedEnvironment]

    def get_or_select_template(self, *args: Any, **kwargs: Any) -> Template:
        """The template in the set of the current language."""
        return Environment.get_or_select_template(self.in_language(current_language()), *args, **kwargs)

    def in_language(self, language: str) -> WordedEnvironment:
        """The environment whose templates are in `language`."""
        if self.language is not None:
            return self
        if "siblings" not in self.__dict__:
            self.siblings = {}
        if language not in self.siblings:
            made = self.overlay(cache_size=400)
            made.language = language
            self.siblings[language] = made
        return self.siblings[language]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        if self.language in LANGUAGES:
            tree = _Translator(words_in(self.language)).visit(tree)
            tree.set_environment(self)
        return tree


class _Translator(NodeTransformer):
    """Puts the words in place of `_('constant')`."""

    def __init__(self, words: dict[Any, str]) -> None:
        self.words = words

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in TRANSLATES:
            return node
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
            return node
        argument = node.args[0]
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            return node
        said = self.words.get(argument.value) or argument.value
        return nodes.MarkSafe(nodes.Const(said % {} if "%" in said else said), lineno=node.lineno)


def prepare(app: Flask) -> None:
    """Use our environment; call before anything touches `app.jinja_env`."""
    app.jinja_environment = WordedEnvironment
