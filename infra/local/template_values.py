"""Resolves the values of a CloudFormation template without CloudFormation.

Knows Ref, Fn::GetAtt, Fn::Sub, Fn::Join, Fn::If and the functions of conditions, which is what the hub's
template uses. Downside: any other function has to be added here first; the error says so.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Template = dict[str, Any]
Attribute = Callable[[str, str | None], Any]
"""Returns the value of a resource's Ref (attribute None) or attribute."""

_PLACEHOLDER = re.compile(r"\$\{([!]?)([^}]+)\}")
_NO_VALUE = object()


class UnresolvableValueError(ValueError):
    """A value of the template cannot be resolved locally; the message names it."""


class Values:
    """Resolves values of one template."""

    def __init__(
        self,
        template: Template,
        attribute: Attribute,
        pseudo: Mapping[str, str],
        parameters: Mapping[str, str],
    ) -> None:
        self._conditions: Template = template.get("Conditions", {})
        declared: Template = template.get("Parameters", {})
        defaults = {name: spec["Default"] for name, spec in declared.items() if "Default" in spec}
        self._parameters = {**defaults, **parameters}
        self._declared = declared
        self._attribute = attribute
        self._pseudo = pseudo
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self._condition,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::Join": lambda argument: argument[0].join(map(str, self.resolve(argument[1]))),
            "Fn::If": lambda argument: self.resolve(argument[1 if self._condition(argument[0]) else 2]),
            "Fn::Equals": lambda argument: self.resolve(argument[0]) == self.resolve(argument[1]),
            "Fn::Not": lambda argument: not self.resolve(argument[0]),
            "Fn::And": lambda argument: all(map(self.resolve, argument)),
            "Fn::Or": lambda argument: any(map(self.resolve, argument)),
        }

    def resolve(self, value: Any) -> Any:
        """Return the plain value; raises UnresolvableValueError. What is AWS::NoValue is left out."""
        if isinstance(value, list):
            return [found for found in map(self.resolve, value) if found is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in self._functions:
                return self._functions[name](argument)
            if name.startswith("Fn::"):
                raise UnresolvableValueError(f"{name} is unknown to {__name__}: {argument!r}")
        resolved = {key: self.resolve(inner) for key, inner in value.items()}
        return {key: found for key, found in resolved.items() if found is not _NO_VALUE}

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self._parameters:
            return self._parameters[name]
        if name in self._declared:
            raise UnresolvableValueError(f"parameter {name} has no default and was not given")
        return self._attribute(name, None)

    def _get_att(self, argument: Any) -> Any:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self._attribute(name, attribute)

    def _sub(self, argument: Any) -> str:
        text, local = (argument, {}) if isinstance(argument, str) else argument

        def fill(found: re.Match[str]) -> str:
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            if name in local:
                return str(self.resolve(local[name]))
            return str(self._get_att(name) if "." in name else self._ref(name))

        return _PLACEHOLDER.sub(fill, text)

    def _condition(self, name: str) -> bool:
        if name not in self._conditions:
            raise UnresolvableValueError(f"condition {name} is not declared")
        return bool(self.resolve(self._conditions[name]))
