"""From a form to the body that the API takes, and from the API's refusal back to the form's fields.

Promise: a field's name is the dotted path of a field in the API's model (`claim.principal`,
`parties.0.name`), so a fault at `/parties/0/name` stands beside it; a suffix says what its text is in JSON:
`days:int`, `given:bool`, `respondents:list`, `amount:money` (as people write it: 10,000 or 10000.5). An empty
field is an absent one. What was typed is kept, whatever happens. What no suffix can read is sent as text, for
the API to refuse. Downside: a field that no form has is told only in the summary.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

_OWN: Final = frozenset({"csrf", "version", "key"})
"""Fields of the mechanism itself."""
_NAME: Final = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+){0,7})(?::(int|bool|list|money))?")
_MOST_ENTRIES: Final = 200
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}")
_MONEY: Final = re.compile(r"[¥￥]? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.([0-9]{1,2}))? ?元?")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault beside a field; without a field of the form it stands in the summary alone."""

    name: str
    text: str
    linked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as a page shows it: what was typed, and what is wrong with it."""

    t: Callable[..., str]
    words: Callable[[str], str | None]
    """The text of a key; None where there is none."""
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    notice: str = ""
    """Why the whole form was not taken, where no field is to blame."""
    detail: str = ""
    version: int | None = None
    key: str = ""

    @property
    def refused(self) -> bool:
        """Whether something has to be put right."""
        return bool(self.faults or self.notice)

    def value(self, name: str, otherwise: object = "") -> str:
        """Return what was typed into a field, at first `otherwise`."""
        values = self.typed.get(name)
        return str(otherwise) if values is None else next((each for each in values if each), "")

    def has(self, name: str, value: object) -> bool:
        """Tell whether an option of a field was chosen."""
        return str(value) in self.typed.get(name, ())

    def touched(self, within: str) -> bool:
        """Tell whether anything was typed, or is wrong, in the fields whose names begin so."""
        typed = (name for name, values in self.typed.items() if any(values))
        return any(name.startswith(within) for name in (*typed, *(each.name for each in self.faults)))

    def fault(self, name: str) -> str | None:
        """Return what is wrong with a field."""
        return next((each.text for each in self.faults if each.name == name), None)

    def label(self, name: str) -> str:
        """Return a field's label. Raises KeyError for a field without words."""
        return label_of(self.words, name) or self.t(f"field.{name}")

    def hint(self, name: str) -> str | None:
        """Return a field's hint, if it has one."""
        return self.words(f"hint.{_without_indices(name)}")

    def field_id(self, name: str) -> str:
        """Return the id of a field's element."""
        return "f-" + name.replace(".", "-")


def label_of(words: Callable[[str], str | None], name: str) -> str | None:
    """Return a field's label: the words of its whole path, else those of its last part; None for neither."""
    return words(f"field.{_without_indices(name)}") or words(f"field.{name.rpartition('.')[2]}")


def typed_of(form: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return what was typed by the fields' names without their suffixes; the mechanism's own are left out."""
    typed: dict[str, list[str]] = {}
    for name, values in form.items():
        if name not in _OWN and (found := _NAME.fullmatch(name)):
            typed.setdefault(found[1], []).extend(values)
    return typed


def body_of(form: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Make the JSON body of what was typed."""
    body: dict[str, Any] = {}
    for name, values in form.items():
        found = _NAME.fullmatch(name)
        if name in _OWN or found is None:
            continue
        given = [each for each in values if each.strip()]
        if given:
            value = given if found[2] == "list" else _read(given[-1].strip(), found[2])
            _put(body, found[1].split("."), value)
    listed: dict[str, Any] = _listed(body)
    return listed


def faults_of(
    errors: Iterable[Mapping[str, Any]],
    names: Iterable[str],
    worded: Callable[[str, str], str],
    filled: Iterable[str] = (),
) -> tuple[Fault, ...]:
    """Return the API's errors as faults of a form's fields; `worded` turns code and message into a text.

    `filled` are the fields that were sent: an entry of a list that was left empty was not, so the API counts
    those after it otherwise than the form does.
    """
    known, sent = set(names), tuple(filled)
    found = []
    for error in errors:
        name = _of_the_form(str(error["pointer"]).removeprefix("/").split("/"), sent)
        whole = name.rpartition(".")[0]
        # A fault of one entry of a list stands beside the field that holds the list.
        name = whole if name not in known and whole in known else name
        text = worded(str(error["code"]), str(error["message"]))
        found.append(Fault(name, text, linked=name in known))
    # One text for each field: the second fault of a field usually follows from the first.
    return tuple({fault.name: fault for fault in reversed(found)}.values())[::-1]


def _of_the_form(steps: Sequence[str], sent: Sequence[str]) -> str:
    """Return the name of the field that a pointer means: an entry's number is the one it has in the form."""
    name = ""
    for step in steps:
        entries = {each.removeprefix(name).partition(".")[0] for each in sent if each.startswith(name)}
        numbers = sorted((each for each in entries if each.isdecimal()), key=int)
        place = int(step) if step.isdecimal() else len(numbers)
        name += f"{numbers[place] if place < len(numbers) else step}."
    return name.removesuffix(".")


def _read(text: str, kind: str | None) -> object:
    if kind == "int" and _WHOLE.fullmatch(text):
        return int(text)
    if kind == "bool" and text in {"true", "false"}:
        return text == "true"
    return _yuan(text) if kind == "money" else text


def _yuan(text: str) -> str:
    """Write an amount as the API takes it; what is none stays, for the API to refuse."""
    found = _MONEY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        return text
    whole, cents = found[1].replace(",", ""), found[2] or ""
    return f"{int(whole)}.{cents:0<2}"


def _put(body: dict[str, Any], steps: list[str], value: object) -> None:
    here = body
    for step in steps[:-1]:
        inside = here.setdefault(step, {})
        if not isinstance(inside, dict):
            return
        here = inside
    here.setdefault(steps[-1], value)


def _listed(value: Any) -> Any:
    """Turn objects whose names are numbers into lists, in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    if value and all(name.isdecimal() for name in value):
        entries = sorted(value.items(), key=lambda entry: (len(entry[0]), entry[0]))
        return [_listed(inside) for _, inside in entries][:_MOST_ENTRIES]
    return {name: _listed(inside) for name, inside in value.items()}


def _without_indices(name: str) -> str:
    return ".".join(part for part in name.split(".") if not part.isdecimal())
