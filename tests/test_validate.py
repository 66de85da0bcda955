"""Foreign programs read DNGs of every kind without a complaint; `make validate` asks more of them about more files."""

from pathlib import Path

import numpy as np
import pytest

from tests import specimens, validate
from tests.judges import SMALL, Judge, Specimen


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Specimen]:
    return specimens.small(tmp_path_factory.mktemp("specimens"), specimens.chosen_kinds())


def asked(judge: Judge) -> Judge:
    if not judge.version():
        pytest.skip(f"{judge.name} is not installed")
    return judge


@pytest.mark.parametrize("judge", SMALL, ids=lambda judge: judge.name)
def test_every_kind_of_dng_is_read_to_the_bit_and_without_a_complaint(judge: Judge, files: list[Specimen]) -> None:
    assert asked(judge).complaints(files) == {}


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> list[Specimen]:
    return specimens.edges(tmp_path_factory.mktemp("edges"))


@pytest.mark.parametrize("judge", SMALL, ids=lambda judge: judge.name)
def test_edge_sizes_and_contents_are_read_to_the_bit_and_without_a_complaint(
    judge: Judge, edges: list[Specimen]
) -> None:
    assert asked(judge).complaints(edges) == {}


@pytest.mark.parametrize("judge", SMALL, ids=lambda judge: judge.name)
def test_the_judge_complains_of_a_file_whose_end_is_missing(
    judge: Judge, files: list[Specimen], tmp_path: Path
) -> None:
    path = tmp_path / "cut.dng"
    path.write_bytes(files[0].path.read_bytes()[:900])
    assert set(asked(judge).complaints([Specimen(path, files[0].raw)])) == {path}


@pytest.mark.parametrize(
    "judge", [judge for judge in SMALL if judge.name[:5] not in {"exift", "exiv2"}], ids=lambda judge: judge.name
)
def test_the_judge_sees_a_single_sample_that_differs(judge: Judge, files: list[Specimen]) -> None:
    other = files[1].raw.copy()
    other[100, 100] ^= 1
    assert set(asked(judge).complaints([files[0], Specimen(files[1].path, other)])) == {files[1].path}


def test_complaints_make_the_exit_status_and_the_absent_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    strict = Judge("strict", lambda: "1", lambda given: {specimen.path: "wrong" for specimen in given})
    absent = Judge("absent", lambda: "", lambda _: {})
    given = [Specimen(Path("a.dng"), np.zeros((2, 2), np.uint16))]
    assert validate._summed_up({judge: validate._asked(judge, given) for judge in (strict, absent)}, {absent}) == 1
    assert validate._summed_up({absent: {}}, {absent}) == 0
    printed = capsys.readouterr().out
    assert "strict, a.dng: wrong" in printed
    assert "absent, not asked: absent" in printed
