"""What the hub told as lines for a terminal."""

from collections.abc import Iterator
from typing import Any, Final

from app.domain.amounts import count_in_words, in_words

_GATES: Final = {"auto": "terms to accept", "manual": "given by its author"}


def found_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield the models of a search."""
    if not answer["models"]:
        yield "Nothing was found."
    width = max((len(each["repo"]) for each in answer["models"]), default=0)
    for each in answer["models"]:
        facts = [
            f"{count_in_words(each['downloads'])} downloads",
            f"{count_in_words(each['likes'])} likes",
            *([f"{count_in_words(each['parameters'])} parameters"] if each["parameters"] else []),
            *([each["licence"]] if each["licence"] else []),
            *([_GATES[each["gated"]]] if each["gated"] else []),
            *([f"changed {each['updated'][:10]}"] if each["updated"] else []),
        ]
        yield f"{each['repo']:<{width}}  {', '.join(facts)}"


def shown_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield what there is to choose in a repository."""
    licence = answer["licence"] or "licence not stated"
    gate = f", {_GATES[answer['gated']]}" if answer["gated"] else ""
    yield f"{answer['repo']}  {count_in_words(answer['downloads'])} downloads, {licence}{gate}"
    models = [each for each in answer["files"] if each["kind"] == "model"]
    if not models:
        yield "  It holds no GGUF model."
    yield from _profiles(models)
    width = max((len(each["label"]) for each in models), default=0)
    for each in models:
        yield f"  {each['label']:<{width}}  {_choice(each)}"
    for each in answer["files"]:
        if each["kind"] == "projector":
            yield f"  {each['label']}  {in_words(each['size'])}: lets a model here read images"
    for problem in dict.fromkeys(each["problem"] for each in models if each["problem"]):
        yield f"  {problem}"
    if answer.get("card"):
        yield from ("", answer["card"])


def reach_lines(answer: dict[str, Any]) -> Iterator[str]:
    """Yield what a test of the connection found."""
    yield f"{answer['endpoint']} answers."
    if answer["user"]:
        yield f"  The token is {answer['user']}'s."
    elif not answer["has_token"]:
        yield "  No token is set; only public models can be downloaded."
    if answer["remaining"] is not None:
        left, seconds = answer["remaining"], answer["resets_s"]
        yield f"  {left} more requests are allowed in the next {seconds} seconds."


def _profiles(models: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what the headers told, once for all sizes of a model."""
    seen = {each["looked_at"]: each for each in models if each["profile"]}
    for label, each in seen.items():
        told = each["profile"]
        facts = [
            told["architecture"],
            f"{count_in_words(told['parameters'])} parameters",
            f"memory: {told['memory']}",
            *([f"made for {told['context']:,} tokens"] if told["context"] > 0 else []),
            f"vocabulary of {told['vocabulary']:,}",
            "chat template" if told["has_template"] else "no chat template",
        ]
        yield f"  {', '.join(facts)} (header of {label.rpartition('/')[2]})"
        if each["drafts_for"]:
            yield f"  can write ahead for {', '.join(each['drafts_for'])}"


def _choice(each: dict[str, Any]) -> str:
    parts = f" in {len(each['parts'])} parts" if len(each["parts"]) > 1 else ""
    size = f"{in_words(each['size'])}{parts}"
    verdict = each["verdict"]
    words = f"{verdict['outcome']}: {verdict['why']}" if verdict else "not looked at"
    return f"{size:<8}  {words}"
