"""Secrets are taken out of words before they are stored: what is not there cannot leak.

What looks like a secret, and what on purpose does not, is listed in `docs/memories.md`.
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple


class _Known(NamedTuple):
    """A secret that is known by its form; the group `secret`, where there is one, is taken out."""

    name: str
    form: re.Pattern[str]
    is_one: Callable[[str], bool] = bool


def redacted(text: str) -> str:
    """Return the text with a mark such as `[redacted:github-token]` in place of every secret."""
    for each in _KNOWN:
        text = _without(text, each)
    return text


def _without(text: str, known: _Known) -> str:
    parts: list[str] = []
    at = 0
    search_from = 0
    while found := known.form.search(text, search_from):
        group = "secret" if "secret" in known.form.groupindex else 0
        start, end = found.span(group)
        if known.is_one(found[group]):
            parts += text[at:start], f"[redacted:{known.name}]"
            at = search_from = max(end, found.start() + 1)
        else:
            search_from = start + 1 if known.name == "card" else max(end, found.start() + 1)
    return "".join((*parts, text[at:]))


def _has_digit(text: str) -> bool:
    return any(each.isdigit() for each in text)


def _is_value(text: str) -> bool:
    """Say whether what follows `password:` is one, and no code, type, gap or blank."""
    plain = text.strip("\"'`")
    return len(plain) >= 4 and not _NO_VALUE.match(plain) and "[redacted:" not in text


def _is_key(text: str) -> bool:
    return _is_value(text) and len(text) >= 8 and _has_digit(text)


def _is_spoken(text: str) -> bool:
    """Say whether what follows "the password is" is one: words of a sentence are none."""
    return _is_value(text) and (text[0] in "\"'`" or _has_digit(text))


def _is_card(text: str) -> bool:
    digits = [int(each) for each in text if each.isdigit()]
    if not _ISSUED.fullmatch("".join(map(str, digits))) or len(set(digits)) < 2:
        return False
    doubled = [sum(divmod(each * 2, 10)) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_random(text: str) -> bool:
    """Say whether a long word changes between kinds of characters as often as only chance does.

    Names in code are made of words and stay below; hashes and UUIDs have letters of one case.
    """
    kinds = [
        "d" if each.isdigit() else "u" if each.isupper() else "l" for each in text if each.isalnum()
    ]
    if min(kinds.count("d"), kinds.count("u"), kinds.count("l")) < 2 or len(kinds) < _LONG:
        return False
    changes = sum(one != other for one, other in pairwise(kinds))
    return changes >= _CHANGES * (len(kinds) - 1)


def _form(words: str) -> re.Pattern[str]:
    """Return the form of a token: it begins a word, also right after one of another script."""
    return re.compile(rf"(?<![A-Za-z0-9]){words}", re.ASCII)


_LONG: Final = 30
_CHANGES: Final = 0.4
_NO_VALUE: Final = re.compile(
    r"[<${%*.…(\[]|(?:str|string|int|bool|bytes|none|null|true|false|any|required|optional|invalid|"
    r"missing|unknown|changed|reset|wrong|incorrect|hidden|empty|yes|self|this|os|env|process|"
    r"input|getpass|get)\b|\w+[.(]\w*\(|\w+\(",
    re.IGNORECASE,
)
_ISSUED: Final = re.compile(
    r"4\d{12}|4\d{15}|4\d{18}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|35\d{14}|6\d{15,18}"
)
_VALUE: Final = r"""(?P<secret>"[^"\n]{1,200}"|'[^'\n]{1,200}'|`[^`\n]{1,200}`|[^\s"'`,;]{1,200})"""
_NAMED: Final = r"(?:pass(?:word|wort|phrase|wd|code)|(?<![a-z])(?:pwd|pass|kennwort|pin))"

_KNOWN: Final = (
    _Known(
        "private-key",
        re.compile(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r".*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\Z)",
            re.DOTALL,
        ),
    ),
    _Known("github-token", _form(r"(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})")),
    _Known("gitlab-token", _form(r"glpat-[\w-]{20,}")),
    _Known("aws-key", _form(r"(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    _Known("slack-token", _form(r"xox[abeoprs]-[A-Za-z0-9-]{10,}")),
    _Known("google-key", _form(r"AIza[\w-]{35}")),
    _Known("hugging-face-token", _form(r"hf_[A-Za-z0-9]{30,}")),
    _Known("payment-key", _form(r"[rsp]k_(?:live|test)_[A-Za-z0-9]{16,}")),
    _Known("api-key", _form(r"sk-[\w-]{20,}"), _has_digit),
    _Known("jwt", _form(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*")),
    _Known(
        "password",
        re.compile(
            r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@]{0,100}:(?P<secret>[^\s:/@]{1,200})@",
            re.IGNORECASE,
        ),
        lambda text: "[redacted" not in text,
    ),
    _Known(
        "password",
        re.compile(rf"{_NAMED}[\"'`*]{{0,2}}[ \t]{{0,4}}[:=][ \t]{{0,4}}{_VALUE}", re.IGNORECASE),
        _is_value,
    ),
    _Known(
        "password",
        re.compile(
            rf"{_NAMED}[^\S\n]{{1,4}}(?:is|ist|lautet)[^\S\n]{{1,4}}{_VALUE}", re.IGNORECASE
        ),
        _is_spoken,
    ),
    _Known(
        "key",
        re.compile(
            r"(?:secret|token|api[_ -]?key|access[_ -]?key|authorization)[\"'`*]{0,2}[ \t]{0,4}[:=]"
            rf"[ \t]{{0,4}}(?:bearer[ \t]|basic[ \t])?{_VALUE}",
            re.IGNORECASE,
        ),
        _is_key,
    ),
    _Known("key", _form(r"Bearer[ \t]+(?P<secret>[\w.~+/-]{16,}=*)"), _has_digit),
    _Known(
        "card",
        re.compile(
            r"(?<![0-9A-Za-z_.-])(?<!\d,)"
            r"(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3\d{3}([ -])\d{6}\2\d{4,5}|\d{13,19})"
            r"(?![0-9A-Za-z_]|-\w)"
        ),
        _is_card,
    ),
    _Known(
        "token",
        re.compile(
            r"(?<![\w+/-])(?<!sha256-)(?<!sha384-)(?<!sha512-)(?<!ssh-rsa )(?<!ssh-ed25519 )"
            r"(?P<secret>(?!sha\d{3}-)[A-Za-z0-9+_-]{32,}(?:/[A-Za-z0-9+_/-]+)?={0,2})"
        ),
        _is_random,
    ),
)
