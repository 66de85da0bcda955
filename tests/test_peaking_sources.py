"""The photographs that the peaking bench looks at are found, or it is said in a sentence what to do."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.bench import peaking, peaking_sources


def test_the_photographs_of_the_bars_are_read_where_their_packages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, names in peaking_sources.OF_THE_BARS.items():
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder.partition("/")[0] / "__init__.py").touch()
        for name in names.split():
            Image.new("L", (32, 16), 188).save(tmp_path / folder / name)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("MCAM_PEAKING", "bars")
    found = peaking.sources()
    assert [light.shape for light in found] == [(10, 20, 3)] * 13  # 1.6 times smaller
    assert all(np.allclose(light, 0.503, atol=0.02) for light in found)  # sRGB's 188 is half of all light


def test_where_their_packages_are_not_it_says_what_brings_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(peaking_sources, "find_spec", lambda _: None)
    with pytest.raises(SystemExit, match=r"No astronaut\.png, .* flower\.jpg: pip install '\.\[bench\]'"):
        peaking_sources.photographs_of_the_bars()


def test_another_set_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCAM_PEAKING", "all")
    with pytest.raises(SystemExit, match=r'"all": it can be held-out, tuned or bars\.'):
        peaking.sources()
