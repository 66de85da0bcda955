"""Ratings in XMP: as exiftool reads and writes them, as editors write them, and as an attacker would."""

import shutil
import subprocess
from pathlib import Path

import pytest

from device import xmp
from device.errors import BadPicture

# As Lightroom writes: the rating among settings of its own.
LIGHTROOM = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0-c000">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
   xmp:CreatorTool="An editor &gt; 1"
   xmp:Rating='2'
   crs:Exposure2012="+0.50"/>
 </rdf:RDF>
</x:xmpmeta>
"""
# As an element, under another prefix, with blanks; and a rating of another picture inside, which is none of ours.
ELEMENT = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:a="http://ns.adobe.com/xap/1.0/" xmlns:m="http://ns.adobe.com/xap/1.0/mm/">
<m:DerivedFrom><rdf:Description><a:Rating>5</a:Rating></rdf:Description></m:DerivedFrom>
<a:Rating> 4 </a:Rating></rdf:Description></rdf:RDF></x:xmpmeta>"""
WITHOUT = b"""<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/dng"/></r:RDF>"""
DECLARED = WITHOUT.replace(b"xmlns:dc", b'xmlns:xap="http://ns.adobe.com/xap/1.0/" xmlns:dc')
BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="&b;"/></r:RDF>"""
OUTSIDE = BOMB.replace(b'<!ENTITY a "aaaaaaaaaa">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize("value", range(6))
def test_a_new_sidecar_says_its_rating(value: int) -> None:
    assert xmp.rating(xmp.rated(None, value)) == value


@pytest.mark.parametrize(
    ("sidecar", "value"),
    [(LIGHTROOM, 2), (ELEMENT, 4), (WITHOUT, None), (DECLARED, None), (LIGHTROOM.replace(b"'2'", b"'-1'"), -1),
     (LIGHTROOM.replace(b"'2'", b"'3.0'"), 3), (LIGHTROOM.replace(b"'2'", b"'many'"), None),
     (LIGHTROOM.replace(b"'2'", b"'7'"), None), (LIGHTROOM.replace(b"'2'", b"'nan'"), None)],
)  # fmt: skip
def test_ratings_of_other_programs_are_read(sidecar: bytes, value: int | None) -> None:
    assert xmp.rating(sidecar) == value


@pytest.mark.parametrize(
    ("sidecar", "old", "new"),
    [(LIGHTROOM, b"xmp:Rating='2'", b'xmp:Rating="5"'), (ELEMENT, b"<a:Rating> 4 <", b"<a:Rating>5<"),
     (DECLARED, b"<r:Description", b'<r:Description xap:Rating="5"'),
     (WITHOUT, b"<r:Description", b'<r:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5"')],
)  # fmt: skip
def test_nothing_but_the_rating_of_another_programs_sidecar_changes(sidecar: bytes, old: bytes, new: bytes) -> None:
    assert xmp.rated(sidecar, 5) == sidecar.replace(old, new)
    assert xmp.rated(xmp.rated(sidecar, 5), 5) == sidecar.replace(old, new)


@pytest.mark.parametrize(
    "sidecar",
    [b"", b"no XML at all", LIGHTROOM[:200], BOMB, OUTSIDE, b"<a/>", b"\xff\xfe<\0a\0/\0>\0", LIGHTROOM + b"<again/>",
     b" " * (xmp.SIDECAR_MAX + 1), b"<a>" * 100_000],
    ids=["empty", "text", "cut", "bomb", "outside", "other XML", "UTF-16", "two", "large", "deep"],
)  # fmt: skip
def test_what_is_no_xmp_has_no_rating_and_is_never_changed(sidecar: bytes) -> None:
    assert xmp.rating(sidecar) is None
    with pytest.raises(BadPicture):
        xmp.rated(sidecar, 3)


def exiftool(*arguments: str | Path) -> str:
    return output_of("exiftool", *arguments)


def output_of(name: str, *arguments: str | Path) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} is not installed")
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def test_exiftool_reads_what_was_written_and_finds_no_fault(tmp_path: Path) -> None:
    sidecar = tmp_path / "MCAM0001.xmp"
    for start in (None, LIGHTROOM, ELEMENT):  # it knows XMP by its outer tag, which the others lack
        sidecar.write_bytes(xmp.rated(start, 4))
        assert exiftool("-s3", "-XMP-xmp:Rating", sidecar) == "4"
        assert "Warning" not in exiftool("-validate", "-warning", "-a", sidecar)


def test_what_exiftool_writes_is_read_and_changed(tmp_path: Path) -> None:
    sidecar = tmp_path / "MCAM0001.xmp"
    exiftool("-XMP-xmp:Rating=3", "-XMP-dc:Title=Évora", "-o", sidecar)
    assert xmp.rating(sidecar.read_bytes()) == 3
    sidecar.write_bytes(xmp.rated(sidecar.read_bytes(), 1))
    assert exiftool("-s3", "-XMP-xmp:Rating", "-XMP-dc:Title", sidecar).split() == ["1", "Évora"]


def test_exiv2_which_darktable_reads_by_agrees(tmp_path: Path) -> None:
    sidecar = tmp_path / "MCAM0001.xmp"
    sidecar.write_bytes(xmp.rated(None, 5))
    assert output_of("exiv2", "-K", "Xmp.xmp.Rating", "-Pv", sidecar) == "5"


def test_a_rating_of_a_million_lines_is_no_rating_and_no_burden() -> None:
    began = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description>'
    endless = b'<x:Rating xmlns:x="http://ns.adobe.com/xap/1.0/">' + b"4\n" * 1_000_000 + b"</x:Rating>"
    found = xmp._parse(began + endless + b"</r:Description></r:RDF>")
    assert len(found.value) < 100
    assert xmp.rating(began + endless + b"</r:Description></r:RDF>") is None
