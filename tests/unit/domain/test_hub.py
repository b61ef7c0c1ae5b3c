"""What file names of a hub tell."""

import pytest

from app.domain.hub import Bundle, HubFile, bundles, quantisation_in


def file(path: str, size: int = 10) -> HubFile:
    return HubFile("ada/m", "5" * 40, path, size, None, f"https://hub/{path}")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("Qwen3.5-4B-Q4_K_M.gguf", "Q4_K_M"),
        ("gemma-4-12B-it-qat-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("gpt-oss-120b-mxfp4-00001-of-00003.gguf", "MXFP4"),
        ("qwen2.5-coder-7b-instruct-q4_k_m.gguf", "Q4_K_M"),
        ("Q8_0/model-00001-of-00002.gguf", "Q8_0"),
        ("Q8_0/model-Q5_1.gguf", "Q5_1"),
        ("model.IQ3_XXS.gguf", "IQ3_XXS"),
        ("mmproj-Qwen3.5-0.8B-BF16.gguf", "BF16"),
        ("phi-4.gguf", ""),
        ("Q4ever.gguf", ""),
    ],
)
def test_names_tell_the_quantisation(path: str, said: str) -> None:
    assert quantisation_in(path) == said


def test_parts_are_one_thing_to_choose() -> None:
    parts = [f"big-Q4_0-0000{at}-of-00003.gguf" for at in (3, 1, 2)]
    (found,) = bundles([file(path, size) for path, size in zip(parts, (3, 1, 2), strict=True)])
    assert [each.size for each in found.files] == [1, 2, 3]
    assert (found.size, found.label, found.quantisation) == (6, "big-Q4_0", "Q4_0")
    assert found.is_complete


def test_a_missing_or_doubled_part_is_noticed() -> None:
    one, two = (file(f"big-0000{at}-of-00002.gguf") for at in (1, 2))
    assert not bundles([two])[0].is_complete
    assert not Bundle("big", "model", (one, two, two)).is_complete
    other = file("big-00001-of-00003.gguf")
    assert [each.is_complete for each in bundles([one, two, other])].count(True) == 1


def test_projectors_stand_apart_and_helpers_are_left_out() -> None:
    names = ["mmproj-F16.gguf", "m-Q8_0.gguf", "m.imatrix.gguf", "imatrix_x.gguf", "README.md",
             "m-Q4_0.GGUF", "sub/mmproj.gguf", "hammproject.gguf"]  # fmt: skip
    sizes = dict(zip(names, (5, 30, 1, 1, 1, 20, 4, 25), strict=True))
    found = bundles([file(name, size) for name, size in sizes.items()])
    assert [(each.label, each.kind) for each in found] == [
        ("m-Q4_0", "model"),
        ("hammproject", "model"),
        ("m-Q8_0", "model"),
        ("sub/mmproj", "projector"),
        ("mmproj-F16", "projector"),
    ]


def test_all_sizes_of_one_model_are_known_as_such() -> None:
    names = ["a/Big-Q4_K_M.gguf", "b/big-UD-IQ1_S.gguf", "big-BF16-00001-of-00001.gguf"]
    assert len({each.stem for each in bundles([file(name) for name in names])}) == 1
    assert len({each.stem for each in bundles([file("one-Q4_0.gguf"), file("two-Q4_0.gguf")])}) == 2
