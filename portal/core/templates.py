"""Templates with their words already in them: one compiled set per language.

`_('…')` with a constant text is translated while the template is compiled, so a page looks up only the words that carry
variables. Which set is used follows the reader's language at the moment of rendering.

A list writes some five hundred values a page and calls some eighty macros: what Jinja does for each in general is done
here in the shortest way that gives the same text.
"""

from __future__ import annotations

import re
from types import FunctionType
from typing import Any, cast

from flask import Flask
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escape_text  # type: ignore[attr-defined]

from portal.core.i18n import LANGUAGES, current_language, words_in

TRANSLATES = frozenset({"_", "gettext"})
DICT_METHODS = frozenset(dir(dict))
MAIL_BODY = re.compile(r"emails/.+/body\.txt")
# A line's break falls away after a tag, and with it the empty line that parts two paragraphs of a mail.
PARTING = re.compile(r"(%\}\n)(?=\n)")


class SharedTemplate(Template):
    """A template whose macros are made ready once, however often it is imported.

    Jinja would compare the importer's globals with ours at every import; here all templates have the same.
    """

    def _get_default_module(self, ctx: Any = None) -> Any:
        if self._module is None:
            self._module = self.make_module()
        return self._module


def escaped(value: Any) -> str:
    """What `markupsafe.escape` gives, as the plain text that is joined into the page anyway."""
    kind = type(value)
    if kind is str:
        return escape_text(value)
    return value if kind is Markup else str(value) if kind is int else escape(value)


class DirectCode(CodeGenerator):
    """Writes values through `escaped`; where escaping is off or decided while rendering, as Jinja does."""

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class DirectContext(Context):
    """Calls macros and plain functions without asking first what they would like to be given."""

    def call(self, called: Any, /, *args: Any, **named: Any) -> Any:
        kind = type(called)
        if kind is not Macro and (kind is not FunctionType or hasattr(called, "jinja_pass_arg")):
            return super().call(called, *args, **named)
        named.pop("_block_vars", None)  # both are for functions that take the context
        named.pop("_loop_vars", None)
        return called(self.eval_ctx, *args, **named) if kind is Macro else called(*args, **named)


class WordedEnvironment(Environment):
    """Flask's environment, once per language; all of them share filters, globals and loader."""

    template_class = SharedTemplate
    context_class = DirectContext
    code_generator_class = DirectCode
    escaped = staticmethod(escaped)
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

    def make_globals(self, d: Any) -> Any:
        """The environment's own: no template has globals of its own, and copying two layers costs each page."""
        return super().make_globals(d) if d else self.globals

    def getattr(self, obj: Any, attribute: str) -> Any:
        """As Jinja, but a dict is asked for its keys alone; a method's name is still the method."""
        if type(obj) is not dict or attribute in DICT_METHODS:
            return super().getattr(obj, attribute)
        return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if name is not None and MAIL_BODY.fullmatch(name):
            source = PARTING.sub(r"\1\n\n", source)
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


def kept(macro: Macro) -> FunctionType:
    """A macro that is run once for the same words. Only for one that depends on nothing else, as a drawing does."""
    made: dict[tuple[Any, ...], Any] = {}

    def said(*words: Any) -> Any:
        if words not in made:
            made[words] = macro(*words)
        return made[words]

    return cast(FunctionType, said)


def prepare(app: Flask) -> None:
    """Use our environment; call before anything touches `app.jinja_env`."""
    app.jinja_environment = WordedEnvironment
    app.jinja_env.globals["kept"] = kept
