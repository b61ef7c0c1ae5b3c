"""Names of files say what they are for; unknown names are no builds."""

import pytest

from app.models.builds.matching import Host, Named, release_asset, runtime_for, wheel_fits

LINUX, ARM = Host("linux", "x64"), Host("linux", "arm64")
MAC, WINDOWS = Host("macos", "arm64"), Host("windows", "x64")

NAMES = [
    ("llama-b9001-bin-ubuntu-x64.tar.gz", LINUX, "cpu"),
    ("llama-b9001-bin-ubuntu-x64.zip", LINUX, "cpu"),
    ("llama-b9001-bin-ubuntu-vulkan-x64.tar.gz", LINUX, "vulkan"),
    ("llama-b9001-bin-ubuntu-cuda-13.4-x64.tar.gz", LINUX, "cuda-13.4"),
    ("llama-b9001-bin-ubuntu-rocm-10.0-x64.tar.gz", LINUX, "rocm-10.0"),
    ("llama-b9001-bin-ubuntu-arm64.tar.gz", ARM, "cpu"),
    ("llama-b9001-bin-macos-arm64.tar.gz", MAC, "metal"),
    ("llama-b9001-bin-win-cpu-x64.zip", WINDOWS, "cpu"),
    ("llama-b9001-bin-win-cuda-12.4-x64.zip", WINDOWS, "cuda-12.4"),
    ("llama-b9001-bin-win-hip-radeon-x64.zip", WINDOWS, "rocm"),
    ("llama-0.6.1-bin-win-vulkan-x64.zip", WINDOWS, "vulkan"),
]
OTHERS = [
    "llama-b9001-bin-ubuntu-s390x.tar.gz",
    "llama-b9001-bin-310p-openEuler-x86.tar.gz",
    "llama-b9001-bin-ubuntu-quantum-x64.tar.gz",
    "llama-b9001-xcframework.zip",
    "cudart-llama-bin-win-cuda-12.4-x64.zip",
    "../llama-b9001-bin-ubuntu-x64.tar.gz",
    "llama-b9001-bin-ubuntu-x64.tar.gz.asc",
    "",
]


@pytest.mark.parametrize(("name", "host", "backend"), NAMES)
def test_a_release_is_read_by_its_name(name: str, host: Host, backend: str) -> None:
    version = name.split("-")[1]
    assert release_asset(name, host) == Named(version, backend)
    for other in {LINUX, ARM, MAC, WINDOWS} - {host}:
        assert release_asset(name, other) is None


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_for_nobody_here_is_left_out(name: str) -> None:
    assert all(release_asset(name, host) is None for host in (LINUX, ARM, MAC, WINDOWS))


def test_the_runtime_of_windows_comes_along() -> None:
    names = ["cudart-llama-bin-win-cuda-13.4-x64.zip", "cudart-llama-bin-win-cuda-12.4-x64.zip"]
    assert runtime_for("cuda-12.4", names, WINDOWS) == names[1]
    assert runtime_for("cuda-12.4", names, LINUX) == ""
    assert runtime_for("vulkan", names, WINDOWS) == ""


WHEELS = [
    ("llama_cpp_python-0.3.36-py3-none-linux_x86_64.whl", LINUX),
    ("llama_cpp_python-0.3.36-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", LINUX),
    ("llama_cpp_python-0.3.36+cu124-cp311-cp311-linux_x86_64.whl", LINUX),
    ("llama_cpp_python-0.3.36-py3-none-linux_aarch64.whl", ARM),
    ("llama_cpp_python-0.3.36-py3-none-macosx_11_0_arm64.whl", MAC),
    ("llama_cpp_python-0.3.36-py3-none-win_amd64.whl", WINDOWS),
]


@pytest.mark.parametrize(("name", "host"), WHEELS)
def test_a_wheel_is_for_one_version_and_computer(name: str, host: Host) -> None:
    assert wheel_fits(name, "0.3.36", host)
    assert not wheel_fits(name, "0.3.3", host)
    assert not any(wheel_fits(name, "0.3.36", each) for each in {LINUX, ARM, MAC, WINDOWS} - {host})


def test_what_is_no_wheel_of_the_binding_fits_nobody() -> None:
    for name in ("numpy-0.3.36-py3-none-linux_x86_64.whl", "llama_cpp_python-0.3.36.tar.gz"):
        assert not wheel_fits(name, "0.3.36", LINUX)
